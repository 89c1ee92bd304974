# outside.bash: run the body of a system test in a private copy of the machine.
bats_require_minimum_version 1.5.0

world_setup_file() {
	export AKITA_STAGE=$BATS_FILE_TMPDIR/stage
	AKITA_NO_WORLD=$("$AKITA_SRC/scripts/world" --check) && AKITA_NO_WORLD=
	for tool in socat oathtool jq make "$@"; do
		command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin \
		    command -v "$tool" >/dev/null ||
		    AKITA_NO_WORLD="$tool is not installed"
	done
	export AKITA_NO_WORLD
	[ -z "$AKITA_NO_WORLD" ] || return 0
	make -s -C "$AKITA_BUILD" install DESTDIR="$AKITA_STAGE" \
	    >"$BATS_FILE_TMPDIR/install.log" 2>&1 ||
	    { cat "$BATS_FILE_TMPDIR/install.log"; return 1; }
	local so
	so=$(find "$AKITA_STAGE" -name pam_akita_otp.so)
	echo "${so#"$AKITA_STAGE"}" >"$AKITA_STAGE.module"
	so=$(find "$AKITA_STAGE" -name otpadm -type f)
	so=${so#"$AKITA_STAGE"}
	echo "${so%/sbin/otpadm}" >"$AKITA_STAGE.prefix"
	so=$(find "$AKITA_STAGE" -name akita-otp.conf -path '*/akita-otp/*' \
	    -not -path '*/doc/*')
	so=${so#"$AKITA_STAGE"}
	echo "${so%/akita-otp/akita-otp.conf}" >"$AKITA_STAGE.sysconfdir"
	rm -f "$AKITA_STAGE$so"
	mkdir "$AKITA_STAGE.src"
	cp "$AKITA_SRC/tests/system/inside.bash" "$AKITA_STAGE.src/"
	cp -r "$AKITA_SRC/etc/pam.d" "$AKITA_STAGE.src/"
	chmod 755 "$BATS_FILE_TMPDIR" "$AKITA_STAGE" "$AKITA_STAGE.src"
}

# in_world [FUNCTION ...] BODY: run the shell function BODY of the test file
# there; it may call the functions named before it
in_world() {
	[ -z "$AKITA_NO_WORLD" ] || skip "$AKITA_NO_WORLD"
	local keep=$BATS_TEST_TMPDIR/keep
	mkdir -p "$keep"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" "$keep" ||
	    return 1
	{
		printf 'KEEP=%q STAGE=%q\n' "$keep" "$AKITA_STAGE"
		printf 'source %q\n' "$AKITA_STAGE.src/inside.bash"
		declare -f "$@"
		echo "${!#}"
	} >"$keep/body"
	timeout -k 2 "${WORLD_SECONDS:-120}" \
	    "$AKITA_SRC/scripts/world" "$BATS_RUN_TMPDIR" \
	    bash "$keep/body" </dev/null 3>&-
}
