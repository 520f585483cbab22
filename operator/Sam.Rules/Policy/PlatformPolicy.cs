using Sam.Rules.Offers;

namespace Sam.Rules.Policy;

/// <summary>
/// What the platform team lets namespaces do. The first rule whose namespaces match decides; a namespace that no rule matches may use only
/// what its own Project's App proves, and nothing of the platform.
/// </summary>
public sealed record PlatformPolicy
{
    /// <summary>What holds without a file.</summary>
    public static readonly PlatformPolicy Default = new();

    /// <summary>The rules in order.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; init; } = [];

    /// <summary>Whether a namespace that no rule matches may use what its own App proves; false forbids it everything at GitHub.</summary>
    public bool AllowUnlisted { get; init; } = true;

    /// <summary>Why everything is forbidden; null unless no policy could be read.</summary>
    public string? ClosedBecause { get; private init; }

    /// <summary>What holds where a policy was to be read and none could be: nothing is allowed.</summary>
    /// <param name="why">Why, in one sentence.</param>
    public static PlatformPolicy Closed(string why) => new() { AllowUnlisted = false, ClosedBecause = why };

    /// <summary>The rule for a namespace; null if none matches.</summary>
    public PolicyRule? RuleFor(string @namespace) =>
        Rules.FirstOrDefault(rule => rule.Namespaces.Any(pattern => Glob.IsMatch(pattern, @namespace)));

    /// <summary>Whether a namespace may use a repository through an App, and what a token for it may do at most.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="repository">Owner and name, such as <c>acme/shop</c>.</param>
    /// <param name="app">The App.</param>
    /// <param name="permissions">What is asked for, in GitHub's words; empty asks for the ceiling alone.</param>
    public PolicyDecision Decide(
        string @namespace,
        string repository,
        PolicyApp app,
        IReadOnlyDictionary<string, string> permissions
    ) => RepositoryDecision.Of(this, @namespace, repository, app, permissions);

    /// <summary>Whether a namespace may use the platform's credential of a consumer.</summary>
    public bool AllowsPlatformCredential(string @namespace, string consumer) =>
        RuleFor(@namespace)?.PlatformCredentials.Any(pattern => Glob.IsMatch(pattern, consumer)) == true;

    /// <summary>Why a namespace may not have a VM of this size and type; null if it may.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="size">The size that was asked for, for the message; null if a type was.</param>
    /// <param name="serverType">The provider's type.</param>
    public string? ForbidsMachine(string @namespace, string? size, string serverType)
    {
        if (ClosedBecause is not null)
            return ClosedBecause;
        if (RuleFor(@namespace) is not { } rule || (rule.Sizes is null && rule.ServerTypes is null))
            return null;
        // A size stands for its type: who asks for the type of an allowed size asks for nothing else.
        var bySize = rule.Sizes?.Any(allowed => OfferOrder.Means(allowed, serverType)) == true;
        var byType = rule.ServerTypes?.Any(pattern => Glob.IsMatch(pattern, serverType)) == true;
        return bySize || byType
            ? null
            : $"rule {rule.Name} of the platform policy allows {Listed("sizes", rule.Sizes)}{Listed("server types", rule.ServerTypes)}not {size ?? serverType}";
    }

    /// <summary>Whether a namespace may use a model.</summary>
    public bool AllowsModel(string @namespace, string model) =>
        ClosedBecause is null
        && (RuleFor(@namespace)?.Models is not { } models || models.Any(pattern => Glob.IsMatch(pattern, model)));

    /// <summary>How much of the platform's own credentials a Project of a namespace may use at once.</summary>
    public PlatformQuota QuotaFor(string @namespace) => RuleFor(@namespace)?.Quota ?? new PlatformQuota();

    private static string Listed(string what, IReadOnlyList<string>? values) =>
        values is null ? "" : $"{what} {string.Join(", ", values)}, ";
}

/// <summary>What namespaces may do.</summary>
public sealed record PolicyRule
{
    /// <summary>Name of the rule, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Which namespaces, as globs.</summary>
    public required IReadOnlyList<string> Namespaces { get; init; }

    /// <summary>Which repositories, as globs of <c>owner/name</c>, by whatever App; null = those that the Project's own App proves.</summary>
    public IReadOnlyList<string>? Repositories { get; init; }

    /// <summary>Ids of the Apps that may be used; null = any.</summary>
    public IReadOnlyList<string>? Apps { get; init; }

    /// <summary>The most that tokens may do, in GitHub's words; what is not named is not allowed. Null = <see cref="PermissionCeiling.Default"/>.</summary>
    public PermissionCeiling? Permissions { get; init; }

    /// <summary>Consumers whose platform credential may be used, as globs.</summary>
    public IReadOnlyList<string> PlatformCredentials { get; init; } = [];

    /// <summary>Sizes of VMs that are allowed; null = any, unless server types are named.</summary>
    public IReadOnlyList<string>? Sizes { get; init; }

    /// <summary>Server types that are allowed, as globs; null = any, unless sizes are named.</summary>
    public IReadOnlyList<string>? ServerTypes { get; init; }

    /// <summary>Models that are allowed, as globs; null = any.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>How much may be used at once of what the platform's credentials pay.</summary>
    public PlatformQuota Quota { get; init; } = new();

    /// <summary>Budgets for models.</summary>
    public ModelBudget Budget { get; init; } = new();
}

/// <summary>How much a Project may use at once of what the platform's credentials pay; null = no limit beside the Project's own.</summary>
/// <param name="Machines">VMs.</param>
/// <param name="Workspaces">Workspaces.</param>
/// <param name="ActiveTasks">AgentTasks.</param>
public sealed record PlatformQuota(int? Machines = null, int? Workspaces = null, int? ActiveTasks = null);

/// <summary>What models may cost where the platform pays; null = no limit.</summary>
/// <param name="TokensPerDay">Input and output tokens per UTC day.</param>
/// <param name="CostPerMonth">Cost in EUR per UTC month.</param>
public sealed record ModelBudget(long? TokensPerDay = null, decimal? CostPerMonth = null);

/// <summary>A GitHub App as the policy sees it.</summary>
/// <param name="Id">The App's id.</param>
/// <param name="IsPlatform">It is the platform's own App, not the Project's.</param>
public sealed record PolicyApp(string Id, bool IsPlatform = false);

/// <summary>What the policy says.</summary>
public abstract record PolicyDecision
{
    private PolicyDecision() { }

    /// <summary>Allowed, up to this.</summary>
    public sealed record Allowed(PermissionCeiling Ceiling) : PolicyDecision;

    /// <summary>Forbidden, and why in one sentence.</summary>
    public sealed record Forbidden(string Why) : PolicyDecision;
}
