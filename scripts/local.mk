# scripts/: what a person runs, and two helpers of the build.
EXTRA_DIST += \
	scripts/check \
	scripts/deps \
	scripts/po2c \
	scripts/update-po
