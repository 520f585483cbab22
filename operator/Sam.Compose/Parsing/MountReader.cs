using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>volumes of a service: named ones, and memory.</summary>
internal sealed class MountReader(Reading reading, IReadOnlySet<string> volumes)
{
    private const string BindWayOut =
        "Use a named volume (declared under the top-level volumes) for data, and build files into the image";

    public ComposeService Read(ComposeService service, Entry volumes)
    {
        if (reading.List(volumes.Node, volumes.Path) is not { } list)
            return service;
        var read = new MountList(reading);
        for (var index = 0; index < list.Items.Count; index++)
        {
            var (item, below) = (list.Items[index], $"{volumes.Path}[{index}]");
            if (item is MapNode { Entries: var fields } written && fields.Any(IsTmpfs))
                read.Add(new TmpfsReader(reading).Long(written, below));
            else
                read.Add(item, below, item is MapNode map ? Long(map, below) : Short(item, below));
        }

        service.Written!.Keep("volumes", read.Shown.Count == 0 ? null : read.Shown);
        return service with
        {
            Volumes = read.Mounts.ToImmutable(),
            Tmpfs = read.Memory.Count == 0 ? service.Tmpfs : [.. service.Tmpfs ?? [], .. read.Memory],
        };
    }

    private static bool IsTmpfs(MapEntry entry) => entry is { Key: "type", Value: ScalarNode { Text: "tmpfs" } };

    private VolumeMount? Short(Node item, string path)
    {
        if (reading.Text(item, path) is not { } text)
            return null;
        var parts = text.Split(':');
        if ((IsHostPath(parts[0]) || IsDrive(parts[0])) && (parts.Length > 1 || parts[0].Length == 0))
            return Bind(item, path, parts[0]);
        if (parts.Length == 1)
        {
            Refuse(
                item,
                path,
                "A volume without a name is lost with its container; name it (data:/path) and declare it under volumes"
            );
            return null;
        }
        if (parts.Length > 3 || (parts.Length == 3 && parts[2] is not ("ro" or "rw")))
        {
            reading.Invalid(item, path, "Write it as volume:/path, volume:/path:ro or volume:/path:rw");
            return null;
        }
        return Named(item, path, parts[0], parts[1], parts is [_, _, "ro"]);
    }

    private VolumeMount? Long(MapNode map, string path)
    {
        string? type = null;
        string? source = null;
        string? target = null;
        var readOnly = false;
        foreach (var entry in reading.Entries(map, path, KeyScope.Mount))
        {
            switch (entry.Key)
            {
                case "type":
                    type = reading.Text(entry.Node, entry.Path);
                    break;
                case "source":
                    source = reading.Text(entry.Node, entry.Path);
                    break;
                case "target":
                    target = reading.Text(entry.Node, entry.Path);
                    break;
                case "tmpfs":
                    reading.Invalid(entry.Node, entry.Path, "It belongs to type: tmpfs");
                    break;
                case "read_only":
                    readOnly = reading.Boolean(entry.Node, entry.Path) == true;
                    break;
                default:
                    if (reading.Map(entry.Node, entry.Path) is { } options)
                        _ = reading.Entries(options, entry.Path, KeyScope.MountOptions).Count();
                    break;
            }
        }
        return OfType(map, path, type, source, target, readOnly);
    }

    private VolumeMount? OfType(MapNode map, string path, string? type, string? source, string? target, bool readOnly)
    {
        switch (type)
        {
            case null:
                reading.Problems.Error(map.Place, $"{path}.type", Required, "The long form needs type: volume or tmpfs");
                return null;
            case "bind":
                return Bind(map, path, source ?? "");
            case "volume" when source is null:
                reading.Problems.Error(map.Place, $"{path}.source", Required, "Name a volume that is declared under volumes");
                return null;
            case "volume" when target is null:
                reading.Problems.Error(map.Place, $"{path}.target", Required, "Name the path in the container");
                return null;
            case "volume":
                return Named(map, path, source, target, readOnly);
            default:
                Refuse(map, path, $"Only mounts of type volume and tmpfs are supported. {BindWayOut}");
                return null;
        }
    }

    private VolumeMount? Named(Node item, string path, string name, string target, bool readOnly)
    {
        if (IsHostPath(name))
            return Bind(item, path, name);
        if (!target.StartsWith('/') || target.Length < 2 || target.Split('/').Contains(".."))
        {
            reading.Invalid(item, path, $"{Reading.Shown(item)} names no absolute path in the container");
            return null;
        }
        if (!volumes.Contains(name))
        {
            var message = $"{Reading.Shown(item)} names a volume that is not declared; add it under the top-level volumes";
            reading.Problems.Error(item.Place, path, UndefinedReference, message);
            return null;
        }
        return new VolumeMount(name, target, readOnly);
    }

    private VolumeMount? Bind(Node item, string path, string source)
    {
        Refuse(
            item,
            path,
            source.Contains("docker.sock", StringComparison.OrdinalIgnoreCase)
                ? "The Docker socket is not given to apps: who holds it owns the host. Remove the mount and what needs it"
                : $"Host paths are not mounted. {BindWayOut}"
        );
        return null;
    }

    private void Refuse(Node item, string path, string message) => reading.Problems.Error(item.Place, path, Refused, message);

    private static bool IsHostPath(string source) => source.Length == 0 || source[0] is '/' or '.' or '~' or '\\';

    // As Compose reads it: one letter before a colon is a drive of Windows.
    private static bool IsDrive(string source) => source.Length == 1 && char.IsAsciiLetter(source[0]);
}
