namespace Sam.Playground;

/// <summary>Where things are in the checkout.</summary>
internal static class Repository
{
    /// <summary>The root: where Sam.sln is.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Files of a run: kubeconfig, endpoints, CA files, logs.</summary>
    public static string State { get; } = Path.Combine(Root, ".sam");

    /// <summary>Folder of the engines.</summary>
    public static string Engines => Environment.GetEnvironmentVariable("SAM_ENGINES") ?? Path.Combine(Root, ".engines");

    /// <summary>The operator, built with the same configuration as this program.</summary>
    public static string OperatorAssembly { get; } =
        Path.Combine(
            Root,
            "operator/Sam.Operator/bin",
            new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
            "net10.0/Sam.Operator.dll"
        );

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Sam.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new InvalidOperationException("Not in a checkout"));
}
