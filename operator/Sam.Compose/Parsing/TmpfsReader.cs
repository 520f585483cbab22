using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>Memory file systems: `tmpfs` of a service, and volumes of type tmpfs.</summary>
internal sealed class TmpfsReader(Reading reading)
{
    public ImmutableArray<TmpfsMount>? Short(Entry entry, Written written)
    {
        var lines = reading.OneOrMore(entry.Node, entry.Path) ?? [];
        written.Keep("tmpfs", lines.IsEmpty ? null : Json.Strings(lines));
        var mounts = ImmutableArray.CreateBuilder<TmpfsMount>();
        foreach (var line in lines)
        {
            var parts = line.Split(':', 2);
            if (!IsPath(parts[0]))
                reading.Invalid(entry.Node, entry.Path, "A memory file system needs an absolute path in the container");
            else if (parts.Length == 2 && !parts[1].Split(',').All(IsOption))
                reading.Problems.Error(
                    entry.Node.Place,
                    entry.Path,
                    Refused,
                    $"Only the options {string.Join(", ", SafeSettings.TmpfsOptions)} are taken"
                );
            else
                mounts.Add(new TmpfsMount(parts[0]) { Options = parts.Length == 2 ? parts[1] : null });
        }

        return mounts.Count == 0 ? null : mounts.ToImmutable();
    }

    public TmpfsMount? Long(MapNode map, string path)
    {
        TmpfsMount? mount = new("");
        foreach (var entry in reading.Entries(map, path, KeyScope.Mount))
        {
            switch (entry.Key)
            {
                case "type":
                    break;
                case "target":
                    mount = mount with { Path = reading.Text(entry.Node, entry.Path) ?? "" };
                    break;
                case "tmpfs":
                    mount = Options(mount, entry);
                    break;
                default:
                    reading.Invalid(entry.Node, entry.Path, "A memory file system takes target and tmpfs only");
                    break;
            }
        }

        if (IsPath(mount.Path))
            return mount;
        reading.Problems.Error(map.Place, $"{path}.target", Required, "Name an absolute path in the container");
        return null;
    }

    private TmpfsMount Options(TmpfsMount mount, Entry options)
    {
        if (reading.Map(options.Node, options.Path) is not { } map)
            return mount;
        foreach (var entry in reading.Entries(map, options.Path, KeyScope.TmpfsOptions))
        {
            mount =
                entry.Key == "size"
                    ? mount with
                    {
                        SizeBytes = reading.Bytes(entry.Node, entry.Path),
                    }
                    : mount with
                    {
                        Mode = (int?)reading.Integer(entry.Node, entry.Path, 0, 4095),
                    };
        }

        return mount;
    }

    private static bool IsPath(string path) => path.StartsWith('/') && path.Length > 1 && !path.Split('/').Contains("..");

    private static bool IsOption(string option) => SafeSettings.TmpfsOptions.Contains(option.Split('=')[0]);
}
