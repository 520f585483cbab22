using System.Collections.Immutable;

namespace Sam.Compose.Rules;

/// <summary>Keys of a service.</summary>
internal static class ServiceKeys
{
    private const string HostAccess = "It reaches the host that other apps share; remove it.";
    private const string Processor = "Use deploy.resources.limits.cpus or cpu_shares instead.";
    private const string Attached = "Nobody is attached on a node.";
    private const string NotRun = "Not run by SAM; remove it, or build it into the image.";

    public static ImmutableArray<KeyRule> Supported { get; } =
    [
        Yes("image", "Required. Tags are resolved to digests when a release is made."),
        Yes("command", "A list, or a string split as a shell would. Null keeps the image's, empty means none."),
        Yes("entrypoint", "As command."),
        Yes("environment", "Map or list. A name without value is taken from spec.env or left out."),
        Yes("env_file", "Files that spec.files maps to a key of a Secret or ConfigMap; environment wins over them."),
        Yes("healthcheck", "Part of the health gate of a release."),
        Yes("depends_on", "List or map with condition; services start in this order."),
        Yes("links", "An alias is one more name of the service on the app's networks; it also means depends_on."),
        Yes("ports", "Container ports are hints for routes; host ports are never published (warning)."),
        Yes("expose", "Hints for routes."),
        Yes("volumes", "Named volumes that are declared at the top level, and tmpfs."),
        Yes("tmpfs", "Memory file systems; options size, mode, uid, gid, and the flags of mount."),
        Yes("restart", "no, always, on-failure[:n], unless-stopped. Without it: unless-stopped, for one-shot services no."),
        Yes("deploy", "resources, replicas, update_config.order, restart_policy."),
        Yes("scale", "As deploy.replicas."),
        Yes("networks", "List or map with aliases; without it the network default."),
        Yes("configs", "Files from spec.files, a ConfigMap, a variable or content in this file."),
        Yes("secrets", "Files in memory from a Kubernetes Secret, spec.files or a variable; never on a disk of the node."),
        Yes("profiles", "The service runs if spec.profiles names one of them."),
        Yes("extends", "Another service of this file."),
        Yes("user", "As in Compose."),
        Yes("group_add", "As in Compose."),
        Yes("working_dir", "As in Compose."),
        Yes("init", "As in Compose."),
        Yes("read_only", "As in Compose."),
        Yes("stop_grace_period", "As in Compose."),
        Yes("stop_signal", "As in Compose."),
        Yes("labels", "Map or list; dev.sam.* belongs to SAM."),
        Yes("hostname", "As in Compose."),
        Yes("domainname", "As in Compose."),
        Yes("dns", "As in Compose."),
        Yes("dns_opt", "As in Compose."),
        Yes("dns_search", "As in Compose."),
        Yes("extra_hosts", "As in Compose; host-gateway is refused, since it leads to the host."),
        Yes("cap_add", "Only what reaches nothing of the host: " + string.Join(", ", SafeSettings.Capabilities) + "."),
        Yes("cap_drop", "As in Compose."),
        Yes("security_opt", "Only no-new-privileges:true."),
        Yes("privileged", "Only false: a privileged container owns the host."),
        Yes("shm_size", "As in Compose."),
        Yes("ulimits", "As in Compose."),
        Yes(
            "sysctls",
            "Only those of the container's own network and message queues: " + string.Join(", ", SafeSettings.Sysctls) + "."
        ),
        Yes("logging", "Drivers json-file and local, options max-size and max-file."),
        Yes("cpus", "As deploy.resources.limits.cpus."),
        Yes("cpu_shares", "As in Compose."),
        Yes("cpuset", "As in Compose."),
        Yes("mem_limit", "As deploy.resources.limits.memory."),
        Yes("mem_reservation", "As deploy.resources.reservations.memory."),
        Yes("memswap_limit", "As in Compose."),
        Yes("pids_limit", "As deploy.resources.limits.pids."),
    ];

    public static ImmutableArray<KeyRule> Ignored { get; } =
    [
        Idle("container_name", "SAM names containers by app, service and content; reach a service by its service name."),
        Idle("build", "Beside image only: SAM runs the image; without image: build and push it, then name it under image."),
        Idle("pull_policy", "SAM resolves tags when the spec changes, and pulls by digest what is not there."),
        Idle("pull_refresh_after", "SAM resolves tags when the spec changes."),
        Idle("platform", "The node's processor decides."),
        Idle("tty", Attached),
        Idle("stdin_open", Attached),
        Idle("attach", Attached),
        Idle("develop", "It belongs to a developer's machine."),
        Idle("annotations", "Use labels."),
        Idle("mem_swappiness", "Kernels with cgroup v2 do not have it."),
        Idle("cpu_count", "Windows only."),
        Idle("cpu_percent", "Windows only."),
    ];

    public static ImmutableArray<KeyRule> Refused { get; } =
    [
        No("cgroup", HostAccess),
        No("cgroup_parent", HostAccess),
        No("devices", HostAccess),
        No("device_cgroup_rules", HostAccess),
        No("gpus", HostAccess),
        No("ipc", HostAccess),
        No("pid", HostAccess),
        No("uts", HostAccess),
        No("userns_mode", HostAccess),
        No("runtime", HostAccess),
        No("isolation", HostAccess),
        No("blkio_config", HostAccess),
        No("oom_kill_disable", HostAccess),
        No("oom_score_adj", HostAccess),
        No("use_api_socket", "The Docker socket owns the host; remove it."),
        No("network_mode", "Services reach each other on networks by service name; remove it, or use networks."),
        No("mac_address", "SAM leaves addresses to the engine; remove it."),
        No("external_links", "An app reaches other apps only through their routes; give the address in a variable."),
        No("volumes_from", "Name the volume under volumes of both services."),
        No("label_file", "Write the labels under labels."),
        No("storage_opt", NotRun),
        No("credential_spec", NotRun),
        No("provider", NotRun),
        No("models", NotRun),
        No("post_start", "Do it in the image's entrypoint, or in a one-shot service."),
        No("pre_stop", "Handle the stop signal in the image."),
        No("cpu_quota", Processor),
        No("cpu_period", Processor),
        No("cpu_rt_runtime", Processor),
        No("cpu_rt_period", Processor),
    ];

    private static KeyRule Yes(string key, string note) => new(KeyScope.Service, key, Support.Supported, note);

    private static KeyRule Idle(string key, string note) => new(KeyScope.Service, key, Support.Ignored, note);

    private static KeyRule No(string key, string note) => new(KeyScope.Service, key, Support.Refused, note);
}
