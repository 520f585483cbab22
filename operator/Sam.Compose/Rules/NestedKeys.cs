using System.Collections.Immutable;
using static Sam.Compose.Rules.Support;

namespace Sam.Compose.Rules;

/// <summary>Keys below a key of a service.</summary>
internal static class NestedKeys
{
    private const string Swarm = "It belongs to Swarm; remove it.";

    public static ImmutableArray<KeyRule> All { get; } =
    [
        new(
            KeyScope.Healthcheck,
            "test",
            Supported,
            "A string (run by a shell), or a list that starts with NONE, CMD or CMD-SHELL."
        ),
        new(KeyScope.Healthcheck, "interval", Supported, "Duration such as 10s."),
        new(KeyScope.Healthcheck, "timeout", Supported, "Duration such as 3s."),
        new(KeyScope.Healthcheck, "retries", Supported, "Number of failures before unhealthy."),
        new(KeyScope.Healthcheck, "start_period", Supported, "Duration in which failures do not count."),
        new(KeyScope.Healthcheck, "start_interval", Supported, "Interval during start_period (Engine 25 and later)."),
        new(KeyScope.Healthcheck, "disable", Supported, "true switches the image's check off too."),
        new(KeyScope.Dependency, "condition", Supported, "service_started, service_healthy or service_completed_successfully."),
        new(KeyScope.Dependency, "required", Supported, "false: a service that is not in the file is no error."),
        new(KeyScope.Dependency, "restart", Ignored, "SAM never restarts a service that did not change."),
        new(KeyScope.Deploy, "resources", Supported, "limits and reservations."),
        new(KeyScope.Deploy, "replicas", Supported, "Only 1."),
        new(KeyScope.Deploy, "mode", Refused, Swarm),
        new(KeyScope.Deploy, "endpoint_mode", Refused, Swarm),
        new(KeyScope.Deploy, "placement", Refused, "The app runs on the node of spec.nodeRef; remove it."),
        new(KeyScope.Deploy, "labels", Refused, "Use labels of the service."),
        new(KeyScope.Deploy, "restart_policy", Refused, "Use restart of the service."),
        new(
            KeyScope.Deploy,
            "update_config",
            Refused,
            "SAM runs old and new side by side, or stops first where a volume is written; remove it."
        ),
        new(KeyScope.Deploy, "rollback_config", Refused, "A failed release leaves the old one serving; remove it."),
        new(KeyScope.Resources, "limits", Supported, "cpus, memory, pids."),
        new(KeyScope.Resources, "reservations", Supported, "cpus, memory."),
        new(KeyScope.Limits, "cpus", Supported, "Number such as 0.5."),
        new(KeyScope.Limits, "memory", Supported, "Bytes such as 512M."),
        new(KeyScope.Limits, "pids", Supported, "Number of processes."),
        new(KeyScope.Reservations, "cpus", Supported, "Number such as 0.5."),
        new(KeyScope.Reservations, "memory", Supported, "Bytes such as 256M."),
        new(KeyScope.Reservations, "devices", Refused, "Devices reach the host; remove it."),
        new(KeyScope.Reservations, "generic_resources", Refused, Swarm),
        new(KeyScope.Mount, "type", Supported, "Only volume."),
        new(KeyScope.Mount, "source", Supported, "A volume declared at the top level."),
        new(KeyScope.Mount, "target", Supported, "Absolute path in the container."),
        new(KeyScope.Mount, "read_only", Supported, "A service that only reads its volumes is not stopped first."),
        new(KeyScope.Mount, "volume", Supported, "Empty only."),
        new(KeyScope.Mount, "bind", Refused, "Use a named volume."),
        new(KeyScope.Mount, "tmpfs", Refused, "Use a named volume."),
        new(KeyScope.Mount, "image", Refused, "Copy the files into your image."),
        new(KeyScope.Mount, "consistency", Refused, "It has no meaning on Linux; remove it."),
        new(KeyScope.MountOptions, "nocopy", Refused, "Remove it."),
        new(KeyScope.MountOptions, "subpath", Refused, "Use a volume of its own."),
        new(KeyScope.MountOptions, "labels", Refused, "SAM labels volumes itself; remove it."),
        new(KeyScope.Port, "target", Supported, "The container port."),
        new(KeyScope.Port, "protocol", Supported, "tcp or udp; routes lead to tcp."),
        new(KeyScope.Port, "published", Supported, "Recorded, never published on the host (warning)."),
        new(KeyScope.Port, "host_ip", Supported, "Recorded, never used."),
        new(KeyScope.Port, "mode", Supported, "No effect."),
        new(KeyScope.Port, "name", Supported, "No effect."),
        new(KeyScope.Port, "app_protocol", Supported, "No effect."),
    ];
}
