using Sam.Crds.V1Alpha1;

namespace Sam.Crds.Generator;

/// <summary>Puts what was generated into folders; nothing is written when anything is wrong.</summary>
internal static class Output
{
    public static int Write(DirectoryInfo manifests, DirectoryInfo docs, TextWriter log, TextWriter errors)
    {
        try
        {
            var assembly = typeof(Machine).Assembly;
            var pages = Generation.Pages(assembly);
            var written = Replace(manifests, "*.yaml", Generation.Manifests(assembly)) + Replace(docs, stale: null, pages);
            log.WriteLine($"{written} files written");
            return 0;
        }
        catch (GenerationException e)
        {
            foreach (var problem in e.Problems)
                errors.WriteLine(problem);
            errors.WriteLine($"{e.Problems.Count} problems; nothing was written");
            return 1;
        }
    }

    // A manifest whose kind is gone must not stay behind; pages beside ours are written by people.
    private static int Replace(DirectoryInfo folder, string? stale, IReadOnlyDictionary<string, string> files)
    {
        folder.Create();
        foreach (var file in (stale is null ? [] : folder.EnumerateFiles(stale)).Where(file => !files.ContainsKey(file.Name)))
            file.Delete();
        foreach (var (name, text) in files)
            File.WriteAllText(Path.Combine(folder.FullName, name), text);
        return files.Count;
    }
}
