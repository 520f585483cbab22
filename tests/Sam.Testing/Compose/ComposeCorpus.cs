using System.Runtime.CompilerServices;
using Sam.Compose.Parsing;

namespace Sam.Testing.Compose;

/// <summary>Compose files as people write them, and what `docker compose config --format json` 2.26.1 made of each; the end-to-end tests ask the real one again.</summary>
public static class ComposeCorpus
{
    /// <summary>Where the files lie.</summary>
    public static string Folder { get; } = Path.Join(Path.GetDirectoryName(Here()), "Corpus");

    /// <summary>The variables that all are read with.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = "/root" };

    /// <summary>Names of the files.</summary>
    public static IEnumerable<string> Names =>
        Directory
            .GetFiles(Folder, "*.yaml")
            .Select(Path.GetFileNameWithoutExtension)
            .OfType<string>()
            .Order(StringComparer.Ordinal);

    /// <summary>Reads one as SAM does.</summary>
    public static ComposeResult Parse(string name) =>
        ComposeParser.Parse(
            File.ReadAllText(Path.Join(Folder, $"{name}.yaml")),
            new ComposeInputs
            {
                Variables = Variables,
                File = path => Path.Join(Folder, path) is var full && File.Exists(full) ? File.ReadAllText(full) : null,
            }
        );

    private static string Here([CallerFilePath] string path = "") => path;
}
