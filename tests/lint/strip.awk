# Print C sources as FILE:LINE:CODE, without comments and with the contents
# of strings and character constants left out, so that rules see code only.
FNR == 1 { comment = 0 }
{
	line = $0
	out = ""
	while (line != "") {
		if (comment) {
			i = index(line, "*/")
			if (i == 0)
				break
			line = substr(line, i + 2)
			comment = 0
			continue
		}
		if (!match(line, /\/\*|\/\/|["']/)) {
			out = out line
			break
		}
		mark = substr(line, RSTART, RLENGTH)
		out = out substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		if (mark == "//")
			break
		if (mark == "/*") {
			comment = 1
			continue
		}
		# The include line keeps its name.
		if (out ~ /^#[ \t]*include[ \t]*$/) {
			out = out mark line
			break
		}
		for (i = 1; i <= length(line); i++) {
			c = substr(line, i, 1)
			if (c == "\\")
				i++
			else if (c == mark)
				break
		}
		line = substr(line, i + 1)
		out = out mark mark
	}
	print FILENAME ":" FNR ":" out
}
