namespace Sam.Operator.Clients.Hetzner;

/// <summary>The labels that mark a server as ours, and the selector that finds them.</summary>
public static class HetznerLabels
{
    /// <summary>Key of the marker label.</summary>
    public const string ManagedBy = "managed-by";

    /// <summary>Value of the marker label.</summary>
    public const string Sam = "sam";

    /// <summary>Key of the label that names the installation.</summary>
    public const string Installation = "sam-installation";

    /// <summary>Key of the label that names the Machine by its random id; adoption needs an exact match.</summary>
    public const string MachineId = "sam-machine";

    /// <summary>Key of the label that names the role (`Workspace`, `Deployment`).</summary>
    public const string Role = "sam-role";

    /// <summary>Selects every server of one installation.</summary>
    public static string SelectorFor(string installation) => $"{ManagedBy}={Sam},{Installation}={installation}";
}
