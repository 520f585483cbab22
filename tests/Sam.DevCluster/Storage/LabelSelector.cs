namespace Sam.DevCluster.Storage;

/// <summary>A parsed label selector.</summary>
internal sealed class LabelSelector(IReadOnlyList<LabelRequirement> requirements)
{
    public bool IsEmpty => requirements.Count == 0;

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in requirements)
        {
            if (!Matches(requirement, labels))
                return false;
        }
        return true;
    }

    /// <summary>Parses; throws <see cref="FormatException"/> with Kubernetes' hint on bad input.</summary>
    public static LabelSelector Parse(string? text) => new(new SelectorParser(text ?? "").Parse());

    private static bool Matches(LabelRequirement requirement, IReadOnlyDictionary<string, string> labels)
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
    }
}
