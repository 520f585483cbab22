using System.Collections.Immutable;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>configs and secrets of a service.</summary>
internal sealed class GrantReader(Reading reading)
{
    public ImmutableArray<FileGrant>? Read(Entry grants, Declared declared)
    {
        if (reading.List(grants.Node, grants.Path) is not { } list)
            return null;
        var read = ImmutableArray.CreateBuilder<FileGrant>();
        for (var index = 0; index < list.Items.Count; index++)
        {
            var (item, path) = (list.Items[index], $"{grants.Path}[{index}]");
            var grant = item is MapNode map ? Long(map, path) : Short(item, path);
            if (grant is null)
                continue;
            if (!(grants.Key == "configs" ? declared.Configs : declared.Secrets).ContainsKey(grant.Source))
                reading.Problems.Error(
                    item.Place,
                    path,
                    UndefinedReference,
                    $"It names what is not declared; add it under the top-level {grants.Key}"
                );
            read.Add(grant);
        }

        return read.Count == 0 ? null : read.ToImmutable();
    }

    private FileGrant? Short(Node item, string path) => reading.Text(item, path) is { } name ? new FileGrant(name) : null;

    private FileGrant? Long(MapNode map, string path)
    {
        var grant = new FileGrant("");
        foreach (var entry in reading.Entries(map, path, KeyScope.Grant))
        {
            grant = entry.Key switch
            {
                "source" => grant with { Source = reading.Text(entry.Node, entry.Path) ?? "" },
                "target" => grant with { Target = Target(entry) },
                "uid" => grant with { Uid = Owner(entry) },
                "gid" => grant with { Gid = Owner(entry) },
                _ => grant with { Mode = Mode(entry) },
            };
        }

        if (map.Entries.Any(entry => entry.Key == "source"))
            return grant;
        reading.Problems.Error(map.Place, $"{path}.source", Required, "The long form needs source");
        return null;
    }

    private string? Target(Entry entry)
    {
        if (reading.Text(entry.Node, entry.Path) is not { Length: > 0 } target)
            return null;
        if (!target.Split('/').Contains("..") && !target.EndsWith('/'))
            return target;
        reading.Invalid(entry.Node, entry.Path, "Name a file, without ..");
        return null;
    }

    private string? Owner(Entry entry)
    {
        if (reading.Text(entry.Node, entry.Path) is not { } owner)
            return null;
        if (owner.Length is > 0 and <= 9 && owner.All(char.IsAsciiDigit))
            return owner;
        reading.Invalid(entry.Node, entry.Path, "An owner is a number in quotes, such as \"1000\"");
        return null;
    }

    // As Compose reads it: a number of YAML is octal where it starts with 0, and text is decimal.
    private int? Mode(Entry entry)
    {
        var text =
            entry.Node is ScalarNode { Kind: ScalarKind.Integer } plain ? Numbers.Integer(plain.Text)
            : long.TryParse(reading.Scalar(entry.Node, entry.Path), out var number) ? number
            : null;
        if (text is >= 0 and <= 4095)
            return (int)text;
        reading.Invalid(entry.Node, entry.Path, "Write permission bits like 0440");
        return null;
    }
}
