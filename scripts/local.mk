# scripts/: what a person runs, and what those and the build call.
EXTRA_DIST += \
	scripts/check \
	scripts/demo \
	scripts/demo-story \
	scripts/deps \
	scripts/manual-walk \
	scripts/po2c \
	scripts/update-po \
	scripts/world
