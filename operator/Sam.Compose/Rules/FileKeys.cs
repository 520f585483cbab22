using System.Collections.Immutable;
using static Sam.Compose.Rules.Support;

namespace Sam.Compose.Rules;

/// <summary>Top-level keys and what is declared there.</summary>
internal static class FileKeys
{
    private const string OwnName = "SAM names it itself, so that two apps never share one.";
    private const string Labelled = "SAM labels it itself.";
    private const string NoPlugin = "Only Kubernetes Secrets and ConfigMaps are read; remove the key.";

    public static ImmutableArray<KeyRule> All { get; } =
    [
        new(KeyScope.File, "services", Supported, "Required; at least one service that no profile leaves out."),
        new(KeyScope.File, "volumes", Supported, "Named volumes on the node's disk."),
        new(KeyScope.File, "networks", Supported, "Bridge networks of the app; internal ones have no way out."),
        new(KeyScope.File, "configs", Supported, "Files for services."),
        new(KeyScope.File, "secrets", Supported, "Files in memory for services."),
        new(KeyScope.File, "name", Ignored, "The ComposeApp's own name is used."),
        new(KeyScope.File, "version", Ignored, "Obsolete in the Compose specification."),
        new(KeyScope.File, "include", Refused, "There are no other files here; write the services into this one."),
        new(KeyScope.File, "models", Refused, "Run the model elsewhere and give its address in a variable."),
        new(KeyScope.Volume, "name", Ignored, OwnName),
        new(KeyScope.Volume, "driver", Supported, "Only local."),
        new(KeyScope.Volume, "driver_opts", Refused, "Driver options can mount the host or the network; remove the key."),
        new(KeyScope.Volume, "external", Supported, "Only false: an app uses only volumes of its own."),
        new(KeyScope.Volume, "labels", Ignored, Labelled),
        new(KeyScope.Network, "name", Ignored, OwnName),
        new(KeyScope.Network, "driver", Supported, "Only bridge."),
        new(KeyScope.Network, "internal", Supported, "true: no way out to the world; a routed service is reached all the same."),
        new(KeyScope.Network, "attachable", Ignored, "It belongs to Swarm."),
        new(KeyScope.Network, "labels", Ignored, Labelled),
        new(KeyScope.Network, "enable_ipv4", Ignored, "The engine's networks have IPv4."),
        new(KeyScope.Network, "enable_ipv6", Ignored, "The engine decides."),
        new(KeyScope.Network, "driver_opts", Refused, "Driver options reach the host's network; remove the key."),
        new(
            KeyScope.Network,
            "ipam",
            Supported,
            "Empty, or driver: default; addresses are the engine's, so that apps never collide."
        ),
        new(KeyScope.Network, "external", Supported, "Only false: an app reaches other apps only through their routes."),
        new(KeyScope.Ipam, "driver", Supported, "Only default."),
        new(KeyScope.Ipam, "config", Refused, "Subnets of two apps would collide; remove it and use service names."),
        new(KeyScope.Ipam, "options", Refused, "Remove it."),
        new(KeyScope.Config, "content", Supported, "The content, interpolated."),
        new(KeyScope.Config, "environment", Supported, "A variable of spec.env or spec.envFrom."),
        new(KeyScope.Config, "file", Supported, "A path that spec.files maps to a key of a ConfigMap or Secret."),
        new(
            KeyScope.Config,
            "external",
            Supported,
            "A ConfigMap of the namespace: name, or name/key; its own name without name."
        ),
        new(KeyScope.Config, "name", Supported, "Only with external."),
        new(KeyScope.Config, "labels", Ignored, Labelled),
        new(KeyScope.Config, "template_driver", Refused, NoPlugin),
        new(KeyScope.Secret, "environment", Supported, "A variable of spec.env or spec.envFrom."),
        new(KeyScope.Secret, "file", Supported, "A path that spec.files maps to a key of a Secret."),
        new(KeyScope.Secret, "external", Supported, "A Secret of the namespace: name, or name/key; its own name without name."),
        new(KeyScope.Secret, "name", Supported, "Only with external."),
        new(KeyScope.Secret, "labels", Ignored, Labelled),
        new(KeyScope.Secret, "driver", Refused, NoPlugin),
        new(KeyScope.Secret, "driver_opts", Refused, NoPlugin),
        new(KeyScope.Secret, "template_driver", Refused, NoPlugin),
        new(KeyScope.External, "name", Supported, "An older form of name, for configs too."),
    ];
}
