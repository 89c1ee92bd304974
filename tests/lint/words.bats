#!/usr/bin/env bats
# Every sentence of the sources has its Japanese.

bats_require_minimum_version 1.5.0

setup() {
	AKITA_SRC=${AKITA_SRC:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	for tool in xgettext msgcmp msgfmt; do
		command -v "$tool" >/dev/null || skip "gettext is missing"
	done
	cd "$AKITA_SRC"
}

# complete POT PO: each id of POT is translated in PO, and not fuzzy.
complete() {
	msgcmp "$2" "$1" 2>&1
}

@test "every message id of the sources is translated, none is fuzzy" {
	sh scripts/update-po "$BATS_TEST_TMPDIR"
	run complete "$BATS_TEST_TMPDIR/akita-otp.pot" po/ja.po
	[ "$status" -eq 0 ] || {
		echo "\"make update-po\", then translate in po/ja.po:"
		msgmerge -q --no-fuzzy-matching --no-wrap -o - po/ja.po \
		    "$BATS_TEST_TMPDIR/akita-otp.pot" |
		    msgattrib --untranslated --no-wrap | grep '^msgid'
		false
	}
}

@test "the check notices a missing, an untranslated and a fuzzy entry" {
	cd "$BATS_TEST_TMPDIR"
	head='msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
	printf "$head"'msgid "a"\nmsgstr ""\n' >a.pot
	printf "$head"'msgid "b"\nmsgstr "B"\n' >missing.po
	printf "$head"'msgid "a"\nmsgstr ""\n' >empty.po
	printf "$head"'#, fuzzy\nmsgid "a"\nmsgstr "A"\n' >fuzzy.po
	printf "$head"'msgid "a"\nmsgstr "A"\n' >good.po
	run ! complete a.pot missing.po
	run ! complete a.pot empty.po
	run ! complete a.pot fuzzy.po
	run -0 complete a.pot good.po
}

@test "ja.po holds no sentence that the sources do not say" {
	sh scripts/update-po "$BATS_TEST_TMPDIR"
	msgmerge -q --no-fuzzy-matching --no-wrap -o - po/ja.po \
	    "$BATS_TEST_TMPDIR/akita-otp.pot" |
	    msgattrib --only-obsolete --no-wrap >"$BATS_TEST_TMPDIR/left"
	run ! grep '^#~ msgid' "$BATS_TEST_TMPDIR/left"
}

@test "a translation takes the same arguments as its sentence" {
	# msgfmt compares %s only where an entry is marked as a C format.
	sed 's/^msgid "[^"]*%/#, c-format\n&/' po/ja.po \
	    >"$BATS_TEST_TMPDIR/marked.po"
	run -0 msgfmt --check-format -o /dev/null "$BATS_TEST_TMPDIR/marked.po"
	sed 's/^msgstr ".*/msgstr "%d %d %d %d %d"/' <<-'END' >"$BATS_TEST_TMPDIR/bad.po"
	msgid ""
	msgstr ""

	#, c-format
	msgid "%s"
	msgstr "x"
	END
	run ! msgfmt --check-format -o /dev/null "$BATS_TEST_TMPDIR/bad.po"
}

@test "po2c sorts by bytes, leaves out fuzzy ones and refuses what it does not know" {
	cd "$BATS_TEST_TMPDIR"
	cat >in.po <<-'END'
	msgid ""
	msgstr ""
	"Content-Type: text/plain; charset=UTF-8\n"

	#: x.c
	msgid "b \"%s\"\n"
	msgstr "あ%s\n"

	msgid ""
	"a"
	"\\c"
	msgstr "い"

	#, fuzzy
	msgid "z"
	msgstr "q"

	msgid "a"
	msgstr "う"
	END
	run -0 "$AKITA_SRC/scripts/po2c" in.po
	rows=$(printf '%s\n' "$output" | grep '{ "')
	[ "$rows" = "$(printf '\t{ "a",\n\t{ "a\\\\c",\n\t{ "b \\"%%s\\"\\n",')" ]
	printf 'msgctxt "x"\nmsgid "a"\nmsgstr "b"\n' >bad.po
	run ! "$AKITA_SRC/scripts/po2c" bad.po
}
