using Sam.Crds;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>The labels that mark a server as ours, and the selector that finds them.</summary>
public static class HetznerLabels
{
    /// <summary>Value of the marker label.</summary>
    public const string Sam = "sam";

    /// <summary>Selects every server of one installation.</summary>
    public static string SelectorFor(string installation) =>
        $"{Names.ServerLabels.ManagedBy}={Sam},{Names.ServerLabels.Installation}={installation}";
}
