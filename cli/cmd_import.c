/* otpadm import */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/bulk.h"
#include "cli/cli.h"
#include "cli/exact.h"

#define BUFFER	65536

/* A stream into a file of ours whose buffer is wiped at the end. */
struct sink {
	struct akita_outfile	file;
	FILE			*stream;
	char			*buffer;
};

static enum akita_rc
sink_open(struct sink *sink, const char *path, struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	int fd;

	if (path == NULL)
		return AKITA_OK;
	if ((rc = akita_outfile_make(&sink->file, path, why)) != AKITA_OK)
		return rc;
	if ((sink->buffer = malloc(BUFFER)) == NULL)
		return AKITA_ERR_NOMEM;
	if ((fd = fcntl(sink->file.fd, F_DUPFD_CLOEXEC, 3)) == -1 ||
	    (sink->stream = fdopen(fd, "w")) == NULL) {
		if (fd != -1)
			(void)close(fd);
		return AKITA_ERR_IO;
	}
	(void)setvbuf(sink->stream, sink->buffer, _IOFBF, BUFFER);
	return AKITA_OK;
}

static enum akita_rc
sink_keep(struct sink *sink, struct akita_why *why)
{
	if (sink->stream == NULL)
		return AKITA_OK;
	if (fflush(sink->stream) != 0 || ferror(sink->stream))
		return akita_fail(why, AKITA_ERR_IO, AKITA_N("%s could not be "
		    "written: %s"), sink->file.path, akita_trust_errno(errno),
		    NULL);
	return akita_outfile_keep(&sink->file, why);
}

static void
sink_end(struct sink *sink)
{
	if (sink->stream != NULL)
		(void)fclose(sink->stream);
	if (sink->buffer != NULL)
		akita_wipe(sink->buffer, BUFFER);
	free(sink->buffer);
	akita_outfile_end(&sink->file);
}

static enum akita_rc
open_input(const char *path, struct akita_import *import, char *buffer,
    struct akita_why *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	int err;

	if (fd != -1 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		(void)close(fd);
		fd = -1;
		errno = EISDIR;
	}
	if (fd == -1) {
		err = errno;
		return akita_fail(why, err == EACCES ? AKITA_ERR_PERMISSION :
		    AKITA_ERR_USAGE, AKITA_N("%s cannot be read: %s"), path,
		    akita_trust_errno(err), NULL);
	}
	import->size = S_ISREG(st.st_mode) ? st.st_size : 0;
	if ((import->csv->in = fdopen(fd, "r")) == NULL) {
		(void)close(fd);
		return AKITA_ERR_NOMEM;
	}
	(void)setvbuf(import->csv->in, buffer, _IOFBF, BUFFER);
	return AKITA_OK;
}

static enum akita_rc
report(const struct akita_import *import, struct akita_why *why)
{
	const struct akita_cli *cli = import->cli;
	enum akita_rc rc = AKITA_OK;
	char issued[24], refused[24];

	if (import->issued > 0 || import->refused == 0) {
		if (cli->is_json)
			rc = akita_output_object(json_pack("{s:I,s:I}",
			    "issued", (json_int_t)import->issued,
			    "refused", (json_int_t)import->refused), why);
		else
			(void)printf(akita_tr(cli->lang, "issued: %lu, "
			    "refused: %lu\n"), import->issued,
			    import->refused);
	}
	if (rc != AKITA_OK || import->refused == 0)
		return rc;
	(void)snprintf(issued, sizeof(issued), "%lu", import->issued);
	(void)snprintf(refused, sizeof(refused), "%lu", import->refused);
	if (import->issued == 0)
		return akita_fail(why, AKITA_ERR_REFUSED, AKITA_N("all %s rows "
		    "were refused; nothing was issued"), refused, NULL);
	return akita_fail(why, AKITA_ERR_PARTIAL, AKITA_N("%s rows were "
	    "issued, %s refused"), issued, refused, NULL);
}

/* The work, when all files are open. */
static enum akita_rc
import_all(struct akita_import *import, struct sink *out, struct sink *failed,
    struct akita_why *why)
{
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	size_t column;

	import->out = out->stream;
	import->failed = failed->stream;
	(void)fputs("user,user_id,expires_at,key,otpauth_uri\n", out->stream);
	if (failed->stream != NULL) {
		for (column = 0; column < AKITA_COLUMN_PASSWORD; column++)
			akita_csv_put(failed->stream,
			    akita_column_names[column], 0);
		(void)fputs("line,reason\n", failed->stream);
	}
	if ((rc = akita_import_rows(import, why)) != AKITA_OK &&
	    rc != AKITA_ERR_UNKNOWN && import->issued == 0)
		return rc;
	/* Where nothing was issued there is nothing to keep. */
	if ((import->issued > 0 &&
	    sink_keep(out, rc == AKITA_OK ? why : NULL) != AKITA_OK) ||
	    sink_keep(failed, rc == AKITA_OK ? why : NULL) != AKITA_OK)
		return AKITA_ERR_IO;
	return rc == AKITA_OK ? report(import, why) : rc;
}

enum akita_rc
akita_cmd_import(struct akita_cli *cli, struct akita_why *why)
{
	__attribute__((cleanup(sink_end))) struct sink out = { 0 };
	__attribute__((cleanup(sink_end))) struct sink failed = { 0 };
	struct akita_csv csv = { 0 };
	struct akita_import import = {
		.cli = cli,
		.csv = &csv,
		.percent = -1,
		.is_exact = akita_exact_names("/etc/nsswitch.conf"),
		.has_progress = isatty(STDERR_FILENO) == 1,
		.rc = AKITA_OK,
	};
	enum akita_rc rc = AKITA_ERR_INTERNAL;
	char *buffer = malloc(BUFFER);

	if (buffer == NULL)
		return AKITA_ERR_NOMEM;
	rc = open_input(cli->operand, &import, buffer, why);
	if (rc == AKITA_OK)
		rc = akita_import_header(&import, why);
	if (rc == AKITA_OK)
		rc = sink_open(&out, cli->opt[AKITA_OPT_OUT], why);
	if (rc == AKITA_OK)
		rc = sink_open(&failed, cli->opt[AKITA_OPT_FAILED], why);
	if (rc == AKITA_OK)
		rc = import_all(&import, &out, &failed, why);
	if (csv.in != NULL)
		(void)fclose(csv.in);
	akita_wipe(buffer, BUFFER);
	akita_wipe(&csv, sizeof(csv));
	free(buffer);
	return rc;
}
