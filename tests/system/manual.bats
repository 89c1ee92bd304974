#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2030,SC2031 # bodies run after inside.bash
# The service manual from the application to the release, with a real sshd and
# a real mail system.
load outside

setup_file() {
	world_setup_file /usr/sbin/sshd ssh expect zbarimg python3
	[ -z "$AKITA_NO_WORLD" ] || return 0
	export AKITA_MAIL=$BATS_FILE_TMPDIR/mail
	mkdir "$AKITA_MAIL"
	chmod 755 "$AKITA_MAIL"
	AKITA_NO_WORLD=$("$AKITA_SRC/tests/system/mail-system" fetch \
	    "$AKITA_MAIL") && AKITA_NO_WORLD=
	export AKITA_NO_WORLD
	cp "$AKITA_SRC"/tests/system/{mail-system,manual-story.bash} \
	    "$AKITA_SRC/tests/system/manual-words.ja.txt" \
	    "$AKITA_SRC/tests/data/term2pgm" \
	    "$AKITA_SRC/etc/akita-otp.ja.conf" "$AKITA_STAGE.src/"
	echo "MAIL='$AKITA_MAIL'" >>"$AKITA_STAGE.src/inside.bash"
}

story() {
	# shellcheck disable=SC1091
	source "$STAGE.src/manual-story.bash"
}
@test "the manual's eleven steps and four notices, in order" {
	WORLD_SECONDS=400 in_world story 4>&3
}
