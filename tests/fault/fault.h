/*
 * fault.h: what the interposing library (faultlib.c) does to a process: at
 * the nth call of some kinds on a file below a directory it ends the process,
 * stops it, forks it, or makes the call fail.
 *
 * The plan lies in a file mapped by the test (house.c).  A program started
 * with FAULT_PLAN=FILE follows that one; a forked child one it is given by
 * fault_follow().
 */
#ifndef AKITA_TEST_FAULT_H
#define AKITA_TEST_FAULT_H

#include <stdatomic.h>
#include <stdint.h>

/* Kinds of calls. */
#define FAULT_READ	0x0001u
#define FAULT_WRITE	0x0002u
#define FAULT_SYNC	0x0004u
#define FAULT_FLOCK	0x0008u
#define FAULT_FCNTL	0x0010u		/* locks of byte ranges */
#define FAULT_OPEN	0x0020u		/* of what is there */
#define FAULT_CREATE	0x0040u		/* open with O_CREAT or O_TRUNC */
#define FAULT_RENAME	0x0080u
#define FAULT_CLOSE	0x0100u
#define FAULT_TRUNCATE	0x0200u
#define FAULT_UNLINK	0x0400u
#define FAULT_LINK	0x0800u
#define FAULT_MKDIR	0x1000u
#define FAULT_STAT	0x2000u
#define FAULT_COPY	0x4000u		/* clone, copy_file_range, fallocate */
#define FAULT_MODE	0x8000u		/* chmod, chown */

/* All that change a file or its name, or make a change durable. */
#define FAULT_CHANGES	(FAULT_WRITE | FAULT_SYNC | FAULT_CREATE | \
			 FAULT_RENAME | FAULT_TRUNCATE | FAULT_UNLINK | \
			 FAULT_LINK | FAULT_MKDIR | FAULT_COPY | FAULT_MODE)

enum fault_action {
	FAULT_NONE = 0,		/* only count */
	FAULT_KILL,		/* SIGKILL before the call */
	FAULT_KILL_HALF,	/* after the first half of a write */
	FAULT_STOP,		/* SIGSTOP before the call */
	FAULT_FORK,		/* a child that sleeps with all descriptors */
	FAULT_ERROR,		/* the call fails with err */
	FAULT_SHORT		/* half of a read or write, and success */
};

struct fault {
	uint32_t	kinds;
	int32_t		nth;		/* 1: the first */
	int32_t		action;
	int32_t		err;
	int32_t		repeat;		/* the nth and all after it */
	atomic_int	count;		/* calls of these kinds so far */
	atomic_int	fired;		/* times */
	atomic_int	child;		/* of FAULT_FORK */
	char		root[256];
	char		what[320];	/* name of the call and the file */
};

#endif
