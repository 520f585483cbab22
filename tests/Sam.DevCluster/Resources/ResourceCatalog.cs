namespace Sam.DevCluster.Resources;

/// <summary>Every served resource at this moment: the built-in ones and those of established definitions.</summary>
internal sealed class ResourceCatalog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyList<ResourceType>> _custom = new(StringComparer.Ordinal);
    private Snapshot _snapshot = new(BuiltInTypes.All);

    public IReadOnlyList<ResourceType> All => _snapshot.Types;

    /// <summary>Changes with every change of the served resources.</summary>
    public int Generation { get; private set; }

    public ResourceType? Find(string group, string version, string plural) =>
        _snapshot.ByPath.GetValueOrDefault((group, version, plural));

    public bool HasGroup(string group) => _snapshot.Types.Any(type => type.Group == group);

    public ResourceType? FindKind(string apiVersion, string kind) =>
        _snapshot.Types.FirstOrDefault(type => type.Kind == kind && type.ApiVersion == apiVersion);

    public IReadOnlyList<ResourceType> CustomOf(string definition) => _custom.GetValueOrDefault(definition) ?? [];

    public void Serve(string definition, IReadOnlyList<ResourceType> types)
    {
        lock (_gate)
        {
            _custom[definition] = types;
            Rebuild();
        }
    }

    public void Withdraw(string definition)
    {
        lock (_gate)
        {
            if (_custom.Remove(definition))
                Rebuild();
        }
    }

    /// <summary>The definition that already holds a name in a group; null when the name is free.</summary>
    public string? HolderOf(string group, string definition, Func<ResourceType, IEnumerable<string>> names, string name)
    {
        lock (_gate)
            return _custom
                .Where(pair =>
                    pair.Key != definition && pair.Value.Any(type => type.Group == group && names(type).Contains(name))
                )
                .Select(pair => pair.Key)
                .FirstOrDefault();
    }

    private void Rebuild()
    {
        _snapshot = new Snapshot([
            .. BuiltInTypes.All,
            .. _custom.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value),
        ]);
        Generation++;
    }

    private sealed class Snapshot(IReadOnlyList<ResourceType> types)
    {
        public IReadOnlyList<ResourceType> Types { get; } = types;

        public Dictionary<(string Group, string Version, string Plural), ResourceType> ByPath { get; } =
            types.ToDictionary(type => (type.Group, type.Version, type.Plural));
    }
}
