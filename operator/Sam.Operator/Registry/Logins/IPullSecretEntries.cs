using System.Collections.Immutable;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Registry.Logins;

/// <summary>What still stands of what a login was made for.</summary>
/// <param name="Project">The Project.</param>
/// <param name="Repositories">What both the login and the entry name.</param>
internal sealed record StandingEntry(Project Project, ImmutableArray<string> Repositories);

/// <summary>Whether what a login was made for still stands: its entry is its journal, so that taking the entry away ends it at once.</summary>
internal interface IPullSecretEntries
{
    /// <summary>What still stands; null if the Project is gone, going or another one, or its entry is gone or means another registry.</summary>
    StandingEntry? Find(PullLogin login);
}
