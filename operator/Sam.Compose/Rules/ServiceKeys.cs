using System.Collections.Immutable;

namespace Sam.Compose.Rules;

/// <summary>Keys of a service.</summary>
internal static class ServiceKeys
{
    private const string HostAccess = "It reaches the host that other apps share; remove it.";
    private const string Limits = "Use deploy.resources.limits instead.";
    private const string OwnNetwork =
        "Every app has one network of its own, on which its services reach each other by name; remove it.";
    private const string NotYet = "Not run by SAM now; remove it, or build it into the image.";

    public static ImmutableArray<KeyRule> Supported { get; } =
    [
        Yes("image", "Required. Tags are resolved to digests when a release is made."),
        Yes("command", "A list, or a string split as a shell would. Null keeps the image's, empty means none."),
        Yes("entrypoint", "As command."),
        Yes("environment", "Map or list. A name without value is taken from spec.env or left out."),
        Yes("healthcheck", "Part of the health gate of a release."),
        Yes("depends_on", "List or map with condition; services start in this order."),
        Yes("ports", "Container ports are hints for routes; host ports are never published (warning)."),
        Yes("expose", "Hints for routes."),
        Yes("volumes", "Named volumes only, declared at the top level."),
        Yes("restart", "no, always, on-failure[:n], unless-stopped. Without it: unless-stopped, for one-shot services no."),
        Yes("deploy", "resources, and replicas: 1."),
        Yes("user", "As in Compose."),
        Yes("working_dir", "As in Compose."),
        Yes("init", "As in Compose."),
        Yes("stop_grace_period", "As in Compose."),
        Yes("stop_signal", "As in Compose."),
        Yes("labels", "Map or list; dev.sam.* belongs to SAM."),
        new(
            KeyScope.Service,
            "container_name",
            Support.Ignored,
            "SAM names containers by app, service and content; reach a service by its service name."
        ),
    ];

    public static ImmutableArray<KeyRule> Refused { get; } =
    [
        No("build", "Images must be built before: build and push it, then name it under image."),
        No("privileged", "A privileged container owns the host; remove it."),
        No("cap_add", "Extra capabilities reach the host; remove it."),
        No("cap_drop", NotYet),
        No("cgroup", HostAccess),
        No("cgroup_parent", HostAccess),
        No("devices", HostAccess),
        No("device_cgroup_rules", HostAccess),
        No("ipc", HostAccess),
        No("pid", HostAccess),
        No("uts", HostAccess),
        No("userns_mode", HostAccess),
        No("security_opt", HostAccess),
        No("runtime", HostAccess),
        No("isolation", HostAccess),
        No("use_api_socket", "The Docker socket owns the host; remove it."),
        No("network_mode", OwnNetwork),
        No("networks", OwnNetwork),
        No("links", "Services reach each other by service name; remove it and use depends_on for the order."),
        No("external_links", "An app reaches other apps only through their routes; give the address in a variable."),
        No("mac_address", OwnNetwork),
        No("dns", OwnNetwork),
        No("dns_opt", OwnNetwork),
        No("dns_search", OwnNetwork),
        No("domainname", OwnNetwork),
        No("hostname", OwnNetwork),
        No("extra_hosts", "Give the address in a variable under spec.env."),
        No("env_file", "There are no files beside the Compose file; use spec.envFrom and ${NAME} under environment."),
        No("label_file", "There are no files beside the Compose file; write the labels under labels."),
        No("configs", "Put the content into the image, or into a variable under spec.env."),
        No("secrets", "Put the value into a Kubernetes Secret, name it under spec.envFrom and use ${NAME} under environment."),
        No("extends", "Use a YAML anchor with a merge key (<<: *name) in this file."),
        No("volumes_from", "Name the volume under volumes of both services."),
        No("tmpfs", "Use a named volume, or write to the container's own layer."),
        No("profiles", "Everything in the file runs; make a second ComposeApp for the rest."),
        No("scale", "One container per service; remove it."),
        No("provider", NotYet),
        No("models", NotYet),
        No("develop", "It belongs to a developer's machine; remove it."),
        No("attach", "Nobody is attached on a node; remove it."),
        No("annotations", "Use labels."),
        No("tty", "Nobody is attached on a node; remove it."),
        No("stdin_open", "Nobody is attached on a node; remove it."),
        No("post_start", "Do it in the image's entrypoint."),
        No("pre_stop", "Handle the stop signal in the image."),
        No("credential_spec", NotYet),
        No("logging", "SAM keeps logs of bounded size on the node; remove it."),
        No("platform", "Name an image that fits the node's processor."),
        No("pull_policy", "SAM pulls by digest, before anything stops; remove it."),
        No("pull_refresh_after", "SAM resolves tags when the spec changes; remove it."),
        No("read_only", NotYet),
        No("shm_size", NotYet),
        No("sysctls", NotYet),
        No("ulimits", NotYet),
        No("group_add", NotYet),
        No("storage_opt", NotYet),
        No("gpus", NotYet),
        No("blkio_config", NotYet),
        No("oom_kill_disable", HostAccess),
        No("oom_score_adj", HostAccess),
        No("mem_limit", Limits),
        No("mem_reservation", "Use deploy.resources.reservations instead."),
        No("mem_swappiness", Limits),
        No("memswap_limit", Limits),
        No("pids_limit", Limits),
        No("cpus", Limits),
        No("cpuset", Limits),
        No("cpu_count", Limits),
        No("cpu_percent", Limits),
        No("cpu_shares", Limits),
        No("cpu_quota", Limits),
        No("cpu_period", Limits),
        No("cpu_rt_runtime", Limits),
        No("cpu_rt_period", Limits),
    ];

    private static KeyRule Yes(string key, string note) => new(KeyScope.Service, key, Support.Supported, note);

    private static KeyRule No(string key, string note) => new(KeyScope.Service, key, Support.Refused, note);
}
