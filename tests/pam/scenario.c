/*
 * scenario.c: plays every text scenario (scene.h) in scenarios/, each in a
 * process of its own, as the user of the test, and once more as nobody where
 * that is root.  With arguments: those files.
 */
#include <dirent.h>
#include <grp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/pam/scene.h"
#include "tests/pam/world.h"

/* Play it in a process of its own, as nobody if asked to. */
static bool
play_apart(const char *path, const char *name, bool as_nobody)
{
	int status = -1;
	pid_t pid;

	(void)fflush(stdout);
	if ((pid = fork()) == 0) {
		(void)alarm(60);
		if (as_nobody && (setgroups(0, NULL) != 0 ||
		    setgid(65534) != 0 || setuid(65534) != 0))
			world_die("cannot become nobody: %m");
		(void)fflush(stdout);
		_exit(scene_play(path, name));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	if (WIFSIGNALED(status))
		(void)printf("# ended by signal %d\n", WTERMSIG(status));
	return status == 0;
}

static int
is_scenario(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 9 && strcmp(entry->d_name + len - 9, ".scenario") == 0;
}

int
main(int argc, char **argv)
{
	struct dirent **files = NULL;
	const char *src = getenv("AKITA_SRC");
	char dir[512], path[1024];
	int n, i, times, k, failed = 0, test = 0;

	(void)snprintf(dir, sizeof(dir), "%s/tests/pam/scenarios",
	    src != NULL ? src : ".");
	if (argc > 1) {
		for (i = 1; i < argc; i++)
			failed += !play_apart(argv[i], argv[i], false);
		return failed > 0;
	}
	if ((n = scandir(dir, &files, is_scenario, alphasort)) < 0)
		world_die("%s: %m", dir);
	times = geteuid() == 0 ? 2 : 1;
	(void)printf("1..%d\n", n * times);
	for (k = 0; k < times; k++) {
		for (i = 0; i < n; i++) {
			bool good;

			(void)snprintf(path, sizeof(path), "%s/%s", dir,
			    files[i]->d_name);
			good = play_apart(path, files[i]->d_name, k == 1);
			(void)printf("%sok %d - %.*s%s\n", good ? "" : "not ",
			    ++test, (int)strlen(files[i]->d_name) - 9,
			    files[i]->d_name, k == 1 ? ", as nobody" : "");
			failed += !good;
		}
	}
	for (i = 0; i < n; i++)
		free(files[i]);
	free(files);
	return failed > 0;
}
