using System.Text.RegularExpressions;

namespace Sam.DevCluster.Storage;

/// <summary>A parsed label selector.</summary>
internal sealed partial class LabelSelector
{
    private readonly List<(string Key, string Operator, HashSet<string> Values)> _requirements = [];

    public bool IsEmpty => _requirements.Count == 0;

    public bool Matches(IReadOnlyDictionary<string, string> labels) =>
        _requirements.TrueForAll(requirement =>
        {
            var has = labels.TryGetValue(requirement.Key, out var value);
            return requirement.Operator switch
            {
                "exists" => has,
                "!" => !has,
                "in" => has && requirement.Values.Contains(value!),
                "notin" => !has || !requirement.Values.Contains(value!),
                "gt" => has && long.TryParse(value, out var a) && a > long.Parse(requirement.Values.Single()),
                _ => has && long.TryParse(value, out var b) && b < long.Parse(requirement.Values.Single()),
            };
        });

    /// <summary>Parses; throws <see cref="FormatException"/> with Kubernetes' hint on bad input.</summary>
    public static LabelSelector Parse(string? text)
    {
        var selector = new LabelSelector();
        foreach (var part in Parts(text ?? ""))
        {
            var match = Requirement().Match(part);
            if (!match.Success)
                throw new FormatException(
                    $"unable to parse requirement: found '{part}', expected: identifier, 'in', 'notin', '=', '==', '!=', '!', '<' or '>'"
                );
            var key = match.Groups["key"].Value;
            if (match.Groups["not"].Success)
                selector._requirements.Add((key, "!", []));
            else if (match.Groups["set"].Success)
                selector._requirements.Add(
                    (key, match.Groups["set"].Value, [.. match.Groups["values"].Value.Split(',').Select(value => value.Trim())])
                );
            else if (match.Groups["sign"].Success)
                selector._requirements.Add(
                    (
                        key,
                        match.Groups["sign"].Value switch
                        {
                            "!=" => "notin",
                            ">" => "gt",
                            "<" => "lt",
                            _ => "in",
                        },
                        [match.Groups["value"].Value]
                    )
                );
            else
                selector._requirements.Add((key, "exists", []));
        }
        return selector;
    }

    private static IEnumerable<string> Parts(string text)
    {
        var depth = 0;
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at == text.Length || (text[at] == ',' && depth == 0))
            {
                if (text.Trim().Length > 0)
                    yield return text[start..at].Trim();
                start = at + 1;
            }
            else if (text[at] is '(' or ')')
            {
                depth += text[at] == '(' ? 1 : -1;
            }
        }
    }

    [GeneratedRegex(
        @"^(?:(?<not>!)\s*)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)(?:\s*(?<sign>==|!=|=|<|>)\s*(?<value>[-A-Za-z0-9_.]*)|\s+(?<set>in|notin)\s*\(\s*(?<values>[-A-Za-z0-9_., ]*)\)\s*)?$"
    )]
    private static partial Regex Requirement();
}
