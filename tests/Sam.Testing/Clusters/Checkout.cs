namespace Sam.Testing.Clusters;

/// <summary>Where the repository is checked out.</summary>
public static class Checkout
{
    /// <summary>Its root: where Sam.sln is.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sam.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Sam.sln above {AppContext.BaseDirectory}");
    }
}
