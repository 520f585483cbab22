using System.Collections.Immutable;
using static Sam.Compose.Rules.Support;

namespace Sam.Compose.Rules;

/// <summary>Top-level keys and the keys of top-level volumes.</summary>
internal static class FileKeys
{
    public static ImmutableArray<KeyRule> All { get; } =
    [
        new(KeyScope.File, "services", Supported, "Required; at least one service."),
        new(KeyScope.File, "volumes", Supported, "Named volumes on the node's disk."),
        new(KeyScope.File, "name", Ignored, "The ComposeApp's own name is used."),
        new(KeyScope.File, "version", Ignored, "Obsolete in the Compose specification."),
        new(
            KeyScope.File,
            "networks",
            Refused,
            "Every app has one network of its own, on which its services reach each other by name; remove it."
        ),
        new(KeyScope.File, "configs", Refused, "Put the content into the image, or into a variable under spec.env."),
        new(
            KeyScope.File,
            "secrets",
            Refused,
            "Put the value into a Kubernetes Secret, name it under spec.envFrom and use ${NAME} here."
        ),
        new(KeyScope.File, "include", Refused, "There are no other files here; write the services into this one."),
        new(KeyScope.File, "models", Refused, "Run the model elsewhere and give its address in a variable."),
        new(KeyScope.Volume, "name", Ignored, "SAM names volumes itself, so that two apps never share one."),
        new(KeyScope.Volume, "driver", Refused, "Only the local driver exists on a node; remove the key."),
        new(KeyScope.Volume, "driver_opts", Refused, "Driver options can mount the host or the network; remove the key."),
        new(
            KeyScope.Volume,
            "external",
            Refused,
            "An app uses only volumes of its own; remove the key and the volume is created."
        ),
        new(KeyScope.Volume, "labels", Refused, "SAM labels volumes itself; remove the key."),
    ];
}
