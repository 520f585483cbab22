using System.Text.RegularExpressions;

namespace Sam.Simulators.Hetzner;

/// <summary>Hetzner's label selector language: `k`, `!k`, `k=v`, `k==v`, `k!=v`, `k in (..)`, `k notin (..)`, joined by commas.</summary>
internal sealed partial class LabelSelector
{
    private readonly List<Func<IReadOnlyDictionary<string, string>, bool>> _terms = [];

    /// <summary>Parses a selector; null if it is none.</summary>
    public static LabelSelector? Parse(string text)
    {
        var selector = new LabelSelector();
        return Split(text).All(selector.Add) ? selector : null;
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _terms.TrueForAll(term => term(labels));

    private bool Add(string term)
    {
        if (Membership().Match(term) is { Success: true } set)
        {
            var (key, negated) = (set.Groups["key"].Value, set.Groups["op"].Value == "notin");
            var values = set.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries);
            _terms.Add(labels => (labels.TryGetValue(key, out var value) && values.Contains(value)) != negated);
            return Labels.IsKey(key) && values.All(Labels.IsValue);
        }
        if (Comparison().Match(term) is { Success: true } comparison)
        {
            var (key, wanted) = (comparison.Groups["key"].Value, comparison.Groups["value"].Value);
            var negated = comparison.Groups["op"].Value == "!=";
            _terms.Add(labels => (labels.TryGetValue(key, out var value) && value == wanted) != negated);
            return Labels.IsKey(key) && Labels.IsValue(wanted);
        }
        var absent = term.StartsWith('!');
        var name = absent ? term[1..].Trim() : term;
        _terms.Add(labels => labels.ContainsKey(name) != absent);
        return Labels.IsKey(name);
    }

    // Commas inside brackets belong to the set.
    private static IEnumerable<string> Split(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }
        yield return text[start..].Trim();
    }

    [GeneratedRegex(@"^(?<key>[^\s!=,()]+)\s+(?<op>in|notin)\s*\((?<values>[^()]*)\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Membership();

    [GeneratedRegex(@"^(?<key>[^\s!=,()]+)\s*(?<op>==|!=|=)\s*(?<value>[^\s!=,()]*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Comparison();
}

/// <summary>The syntax of labels as documented.</summary>
internal static partial class Labels
{
    public static bool IsKey(string key)
    {
        var slash = key.LastIndexOf('/');
        return Name().IsMatch(key[(slash + 1)..])
            && (slash < 0 || (slash <= 253 && key[..slash] != "hetzner.cloud" && Prefix().IsMatch(key[..slash])));
    }

    public static bool IsValue(string value) => value.Length == 0 || Name().IsMatch(value);

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Prefix();
}
