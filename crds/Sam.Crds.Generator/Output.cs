using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Runtime.Abstractions;

namespace Sam.Crds.Generator;

/// <summary>Puts what was generated into folders; nothing is written when anything is wrong.</summary>
internal static class Output
{
    public static int Write(Targets targets, TextWriter log, TextWriter errors)
    {
        try
        {
            var assembly = typeof(Machine).Assembly;
            var (manifests, pages) = (Generation.Manifests(assembly), Generation.Pages(assembly));
            var roles = Generation.Roles(typeof(ConditionedStatus).Assembly, typeof(IMachineLinks).Assembly);
            var written =
                Replace(targets.Manifests, "*.yaml", manifests)
                + Replace(targets.Docs, stale: null, pages)
                + Replace(targets.Roles, "*.yaml", roles);
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

/// <summary>Where what is generated goes.</summary>
/// <param name="Manifests">Folder of the CRDs.</param>
/// <param name="Docs">Folder of the pages.</param>
/// <param name="Roles">Folder of the operator's account and roles.</param>
internal sealed record Targets(DirectoryInfo Manifests, DirectoryInfo Docs, DirectoryInfo Roles);
