#!/usr/bin/env bats
# Installations on file systems of their own: ext4, XFS, btrfs and tmpfs;
# healthy, full, read-only, and shut down in the middle of logins (a loss of
# power of a real file system).  Root's, in a private copy of the machine.
# AKITA_SHUTDOWNS says how many times each.
bats_require_minimum_version 1.5.0

setup_file() {
	AKITA_NO_WORLD=$("$AKITA_SRC/scripts/world" --check) && AKITA_NO_WORLD=
	export AKITA_NO_WORLD
	[ -z "$AKITA_NO_WORLD" ] || return 0
	# What is needed inside, where the build's directory may not be seen.
	local module=$AKITA_BUILD/pam/.libs/pam_akita_otp.so
	mkdir -p "$BATS_FILE_TMPDIR/pam/.libs"
	cp "$module" "$BATS_FILE_TMPDIR/pam/.libs/"
	cp "$AKITA_BUILD/otpadm" "$AKITA_BUILD/tests/fault/disk" \
	    "$AKITA_SRC/tests/fault/disks.sh" "$BATS_FILE_TMPDIR/"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
}

setup() {
	[ -z "$AKITA_NO_WORLD" ] || skip "$AKITA_NO_WORLD"
	if ldd "$AKITA_BUILD/otpadm" | grep -q 'lib[at]san\|libubsan'; then
		skip "a sanitizer is watching elsewhere"
	fi
}

# on TYPE SIZE COMMAND [ROUNDS]: run disk COMMAND on a file system of its own
on() {
	PATH=$PATH:/usr/sbin:/sbin
	if [ "$1" != tmpfs ]; then
		command -v "mkfs.$1" >/dev/null ||
		    skip "mkfs.$1 is not installed"
		[ -e /dev/loop-control ] || skip "no loop devices here"
		grep -qw "$1" /proc/filesystems || modprobe -q "$1" ||
		    skip "this kernel has no $1"
	fi
	local here=$BATS_FILE_TMPDIR
	run env AKITA_BUILD="$here" timeout -k 2 300 \
	    "$AKITA_SRC/scripts/world" "$here" "$here/disks.sh" "$1" "$2" \
	    "$here/disk" "${@:3}" </dev/null 3>&-
	echo "# $1: $output" >&3
	[ "$status" = 0 ]
}

@test "an installation on ext4 works" {
	on ext4 32M works
}

@test "an installation on XFS works" {
	on xfs 300M works
}

@test "an installation on btrfs works" {
	on btrfs 120M works
}

@test "an installation on tmpfs works" {
	on tmpfs 32M works
}

@test "a full ext4 refuses in words, and nothing is lost" {
	on ext4 16M full
}

@test "a full XFS refuses in words, and nothing is lost" {
	on xfs 300M full
}

@test "a full btrfs refuses in words, and nothing is lost" {
	on btrfs 120M full
}

@test "a full tmpfs refuses in words, and nothing is lost" {
	on tmpfs 2M full
}

@test "a file system that became read-only refuses in words" {
	on ext4 16M read-only
}

@test "shutdowns of ext4 in the middle of logins lose no accepted one" {
	on ext4 64M shutdown "${AKITA_SHUTDOWNS:-30}"
}

@test "shutdowns of XFS in the middle of logins lose no accepted one" {
	on xfs 300M shutdown "${AKITA_SHUTDOWNS:-30}"
}
