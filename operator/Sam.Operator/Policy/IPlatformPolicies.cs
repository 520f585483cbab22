using Sam.Rules.Policy;

namespace Sam.Operator.Policy;

/// <summary>The platform policy as it is now; ask at every decision, it changes while the operator runs.</summary>
internal interface IPlatformPolicies
{
    /// <summary>The last good policy.</summary>
    PlatformPolicy Current { get; }
}

/// <summary>A policy that never changes; without a file, the default.</summary>
internal sealed class FixedPolicy(PlatformPolicy policy) : IPlatformPolicies
{
    public PlatformPolicy Current => policy;
}
