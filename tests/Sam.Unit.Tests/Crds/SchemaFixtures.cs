using Sam.Crds;
using Sam.Crds.Schema;

namespace Sam.Unit.Tests.Crds;

/// <summary>A colour.</summary>
public enum FixtureColour
{
    /// <summary>Like blood.</summary>
    Red,

    /// <summary>Like grass.</summary>
    Green,
}

/// <summary>Everything that a field can be.</summary>
public sealed record FullFixture
{
    /// <summary>A name
    /// over <c>two</c> lines, see <see cref="FixtureColour"/>.</summary>
    [Required, Length(1, 63), Pattern("^[a-z]+$")]
    public string Name { get; set; } = "";

    /// <summary>A colour.</summary>
    [Default("Green")]
    public FixtureColour Colour { get; set; } = FixtureColour.Green;

    /// <summary>A count.</summary>
    [Default(3), Bounds(1, 9)]
    public int Count { get; set; } = 3;

    /// <summary>A large count.</summary>
    [Bounds(1, long.MaxValue)]
    public long? Large { get; set; }

    /// <summary>A switch.</summary>
    [Default(true)]
    public bool Enabled { get; set; } = true;

    /// <summary>A time to wait.</summary>
    [Default("5m")]
    public Duration Wait { get; set; } = new(TimeSpan.FromMinutes(5));

    /// <summary>A time.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>Words.</summary>
    [ListSet, MaxItems(4), Length(1, 8), Pattern("^[a-z]+$")]
    public IList<string> Words { get; set; } = [];

    /// <summary>Parts.</summary>
    [ListMap("name"), MaxItems(5)]
    public IList<PartFixture> Parts { get; set; } = [];

    /// <summary>Labels.</summary>
    [MaxItems(6), Length(0, 63)]
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    /// <summary>A part with a default.</summary>
    [Default("""{"name": "main"}""")]
    public PartFixture Part { get; set; } = new() { Name = "main" };
}

/// <summary>A part.</summary>
public sealed record PartFixture
{
    /// <summary>Name of the part.</summary>
    [Required, Length(1, 63)]
    public string Name { get; set; } = "";
}

/// <summary>Everything that can be wrong.</summary>
public sealed record WrongFixture
{
    [Length(1, 8)]
    public string Undescribed { get; set; } = "";

    /// <summary>Has no length.</summary>
    public string Unbounded { get; set; } = "";

    /// <summary>Has no bounds.</summary>
    public int Number { get; set; }

    /// <summary>Has no limit.</summary>
    [ListSet, Length(1, 8)]
    public IList<string> List { get; set; } = [];

    /// <summary>Has no list type.</summary>
    [MaxItems(3), Length(1, 8)]
    public IList<string> Undecided { get; set; } = [];

    /// <summary>Has two list types.</summary>
    [ListSet, ListAtomic, MaxItems(3), Length(1, 8)]
    public IList<string> Torn { get; set; } = [];

    /// <summary>Has no schema.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>Contains itself.</summary>
    public WrongFixture? Again { get; set; }

    /// <summary>Upside down.</summary>
    [Bounds(9, 1)]
    public int Reversed { get; set; }
}

/// <summary>What cannot change.</summary>
public sealed record FixedFixture
{
    /// <summary>Always there.</summary>
    [Required, Length(1, 8), Immutable("make another")]
    public string Id { get; set; } = "";

    /// <summary>Not always there.</summary>
    [Length(1, 8), Immutable("make another")]
    public string? Owner { get; set; }

    /// <summary>A part that is replaced as a whole.</summary>
    public AtomicFixture? Part { get; set; }
}

/// <summary>Replaced as a whole.</summary>
[Atomic]
public sealed record AtomicFixture
{
    /// <summary>A name.</summary>
    [Required, Length(1, 8)]
    public string Name { get; set; } = "";
}

/// <summary>A kind with everything that stands beside its schema.</summary>
[k8s.Models.KubernetesEntity(Group = "example.dev", ApiVersion = "v1", Kind = "Herd", PluralName = "herds")]
[SelectableField(".spec.id")]
[Scale(".spec.wanted", ".status.found", SelectorPath = ".status.selector")]
public sealed class HerdFixture;
