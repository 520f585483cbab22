namespace Sam.Rules.Policy;

/// <summary>Makes a policy of its tree, and says everything that is wrong with it.</summary>
internal sealed class PolicyReader
{
    private static readonly string[] Sizes = ["Small", "Medium", "Large"];
    private readonly PolicyValues _values = new();

    public IReadOnlyList<string> Problems => _values.Problems;

    public PlatformPolicy Read(PolicyNode root)
    {
        var top = _values.Members(root, "", "rules", "unlisted");
        var rules = top.TryGetValue("rules", out var node) ? _values.Items(node, "rules") : [];
        if (node is null)
            _values.Problem("rules", "is missing; a policy without rules is `rules: []`");
        var policy = new PlatformPolicy
        {
            Rules = [.. rules.Select((rule, index) => Rule(rule, $"rules[{index}]"))],
            AllowUnlisted = _values.Word(top, "unlisted", "unlisted", "OwnApp", "OwnApp", "Forbid") == "OwnApp",
        };
        foreach (var twice in policy.Rules.GroupBy(rule => rule.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            _values.Problem("rules", $"has the name {twice.Key} {twice.Count()} times");
        return policy;
    }

    private PolicyRule Rule(PolicyNode node, string path)
    {
        var map = _values.Members(
            node,
            path,
            "name",
            "namespaces",
            "repositories",
            "apps",
            "permissions",
            "platformCredentials",
            "sizes",
            "serverTypes",
            "models",
            "quota",
            "budget"
        );
        return new PolicyRule
        {
            Name = _values.Text(map, "name", $"{path}.name") ?? "",
            Namespaces = Patterns(map, "namespaces", path, isRequired: true) ?? [],
            Repositories = Repositories(map, path),
            Apps = Apps(map, path),
            Permissions = Permissions(map, $"{path}.permissions"),
            PlatformCredentials = Patterns(map, "platformCredentials", path) ?? [],
            Sizes = SizesOf(map, path),
            ServerTypes = Patterns(map, "serverTypes", path),
            Models = Patterns(map, "models", path),
            Quota = Quota(map, $"{path}.quota"),
            Budget = Budget(map, $"{path}.budget"),
        };
    }

    private IReadOnlyList<string>? Patterns(
        IReadOnlyDictionary<string, PolicyNode> map,
        string name,
        string path,
        bool isRequired = false
    )
    {
        var texts = _values.Texts(map, name, $"{path}.{name}");
        if (isRequired && texts is not { Count: > 0 })
            _values.Problem($"{path}.{name}", "needs at least one");
        return texts;
    }

    private IReadOnlyList<string>? Repositories(IReadOnlyDictionary<string, PolicyNode> map, string path)
    {
        var patterns = Patterns(map, "repositories", path);
        foreach (var (pattern, index) in (patterns ?? []).Select((pattern, index) => (pattern, index)))
        {
            if (pattern.Count(character => character == '/') != 1)
                _values.Problem($"{path}.repositories[{index}]", $"'{pattern}' is no owner/name; * stands for any of either");
        }

        return patterns;
    }

    private IReadOnlyList<string>? Apps(IReadOnlyDictionary<string, PolicyNode> map, string path)
    {
        var ids = Patterns(map, "apps", path);
        foreach (var (id, index) in (ids ?? []).Select((id, index) => (id, index)))
        {
            if (!id.All(character => char.IsAsciiLetterOrDigit(character) || character == '.'))
                _values.Problem($"{path}.apps[{index}]", $"'{id}' is no App id, which is a number (or its client id)");
        }

        return ids;
    }

    private IReadOnlyList<string>? SizesOf(IReadOnlyDictionary<string, PolicyNode> map, string path)
    {
        var sizes = Patterns(map, "sizes", path);
        foreach (var (size, index) in (sizes ?? []).Select((size, index) => (size, index)))
        {
            if (!Sizes.Contains(size, StringComparer.Ordinal))
                _values.Problem($"{path}.sizes[{index}]", $"'{size}' is no size; one of {string.Join(", ", Sizes)}");
        }

        return sizes;
    }

    private PermissionCeiling? Permissions(IReadOnlyDictionary<string, PolicyNode> map, string path)
    {
        if (!map.TryGetValue("permissions", out var node))
            return null;
        var levels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in _values.Pairs(node, path))
        {
            if (!PermissionCeiling.IsLevel(value))
                _values.Problem($"{path}.{name}", $"'{value}' is no level; one of none, read, write, admin");
            if (name.Length == 0 || !name.All(character => character is '_' or (>= 'a' and <= 'z')))
                _values.Problem($"{path}.{name}", "is no name of a permission at GitHub, such as pull_requests");
            levels[name] = value;
        }

        return new PermissionCeiling(levels);
    }

    private PlatformQuota Quota(IReadOnlyDictionary<string, PolicyNode> map, string path)
    {
        if (!map.TryGetValue("quota", out var node))
            return new PlatformQuota();
        var quota = _values.Members(node, path, "machines", "workspaces", "activeTasks");
        return new PlatformQuota(
            _values.Count(quota, "machines", path),
            _values.Count(quota, "workspaces", path),
            _values.Count(quota, "activeTasks", path)
        );
    }

    private ModelBudget Budget(IReadOnlyDictionary<string, PolicyNode> map, string path)
    {
        if (!map.TryGetValue("budget", out var node))
            return new ModelBudget();
        var budget = _values.Members(node, path, "tokensPerDay", "costPerMonth");
        return new ModelBudget(_values.Long(budget, "tokensPerDay", path), _values.Amount(budget, "costPerMonth", path));
    }
}
