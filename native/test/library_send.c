/* An application in C: opens an endpoint, sends files to a gateway as objects, and waits until each has arrived.
 * library_send STATE ADDRESS NODE ZONE FILE...: STATE is the state folder of a member of ZONE; NODE listens at ADDRESS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fcpfast.h"

enum { PATIENCE_MILLISECONDS = 100000 };

static int failed(const char *what)
{
    char reason[512];
    fcp_last_error(reason, sizeof reason);
    fprintf(stderr, "library_send: %s: %s\n", what, reason);
    return 3;
}

/* The whole file; NULL if it cannot be read. */
static uint8_t *read_file(const char *path, size_t *count)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long end = -1;
    if (file == NULL) return NULL;
    if (fseek(file, 0, SEEK_END) == 0) end = ftell(file);
    if (end >= 0 && fseek(file, 0, SEEK_SET) == 0) bytes = malloc((size_t)end + 1);
    if (bytes != NULL && fread(bytes, 1, (size_t)end, file) != (size_t)end) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    *count = end < 0 ? 0 : (size_t)end;
    return bytes;
}

static int send_file(fcp_endpoint endpoint, const char *zone, const char *node, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t count = 0;
    uint8_t *bytes = read_file(path, &count);
    fcp_send send = 0;
    if (bytes == NULL) {
        fprintf(stderr, "library_send: cannot read %s\n", path);
        return 3;
    }
    fcp_result result = fcp_endpoint_send(endpoint, zone, node, slash == NULL ? path : slash + 1, bytes, count, &send);
    free(bytes); /* they were copied */
    if (result != FCP_OK) return failed("cannot send");
    result = fcp_send_wait(send, PATIENCE_MILLISECONDS);
    if (result != FCP_OK) return failed(fcp_result_name(result));
    printf("library_send: %s has %s, %zu bytes\n", node, path, count);
    return fcp_send_release(send) == FCP_OK ? 0 : failed("release");
}

int main(int argc, char **argv)
{
    int exit_code = 0;
    if (argc < 6) {
        fprintf(stderr, "usage: library_send STATE ADDRESS NODE ZONE FILE...\n");
        return 2;
    }
    fcp_peer peer = {argv[3], argv[2]};
    fcp_endpoint_options options = {0};
    fcp_endpoint endpoint = 0;
    options.struct_bytes = sizeof options;
    options.profile = FCP_PROFILE_EDGE;
    options.state_folder = argv[1];
    options.peers = &peer;
    options.peer_count = 1;
    if (fcp_endpoint_open(&options, &endpoint) != FCP_OK) return failed("cannot open the endpoint");
    for (int i = 5; exit_code == 0 && i < argc; i++) exit_code = send_file(endpoint, argv[4], argv[3], argv[i]);
    if (fcp_endpoint_close(endpoint) != FCP_OK && exit_code == 0) exit_code = failed("cannot close the endpoint");
    return exit_code;
}
