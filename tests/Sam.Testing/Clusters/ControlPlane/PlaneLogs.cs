namespace Sam.Testing.Clusters.ControlPlane;

/// <summary>Folders with the logs of control planes, those of the last runs.</summary>
internal static class PlaneLogs
{
    private const int Kept = 5;

    /// <summary>Makes a folder for a run and drops the oldest.</summary>
    public static string NewFolder()
    {
        var all = Path.Combine(Checkout.Root, ".sam", "control-plane");
        Directory.CreateDirectory(all);
        foreach (var old in Directory.GetDirectories(all).OrderDescending(StringComparer.Ordinal).Skip(Kept - 1))
            Directory.Delete(old, recursive: true);
        var name = $"{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}";
        return Directory.CreateDirectory(Path.Combine(all, name)).FullName;
    }
}
