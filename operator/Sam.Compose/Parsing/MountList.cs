using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Sam.Compose.Model;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>Mounts of a service as they are read, and as Compose shows them.</summary>
internal sealed class MountList(Reading reading)
{
    public ImmutableArray<VolumeMount>.Builder Mounts { get; } = ImmutableArray.CreateBuilder<VolumeMount>();

    public ImmutableArray<TmpfsMount>.Builder Memory { get; } = ImmutableArray.CreateBuilder<TmpfsMount>();

    public JsonArray Shown { get; } = [];

    public void Add(TmpfsMount? mount)
    {
        if (mount is null)
            return;
        Memory.Add(mount);
        var options = new JsonObject();
        if (mount.SizeBytes is { } size)
            options["size"] = size.ToString();
        if (mount.Mode is { } mode)
            options["mode"] = mode;
        var shown = new JsonObject { ["type"] = "tmpfs", ["target"] = mount.Path };
        if (options.Count > 0)
            shown["tmpfs"] = options;
        Shown.Add(shown);
    }

    public void Add(Node item, string path, VolumeMount? mount)
    {
        if (mount is null)
            return;
        if (Mounts.Any(other => other.Path == mount.Path))
            reading.Problems.Error(
                item.Place,
                path,
                Duplicate,
                "Another volume is mounted at the same path; choose another path"
            );
        Mounts.Add(mount);
        var shown = new JsonObject
        {
            ["type"] = "volume",
            ["source"] = mount.Volume,
            ["target"] = mount.Path,
        };
        if (mount.ReadOnly)
            shown["read_only"] = true;
        if (item is not MapNode { Entries: var keys } || keys.Any(key => key.Key == "volume"))
            shown["volume"] = new JsonObject();
        Shown.Add(shown);
    }
}
