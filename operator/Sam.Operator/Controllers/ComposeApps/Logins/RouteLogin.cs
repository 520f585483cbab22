using System.Collections.Immutable;
using Sam.Compose.Rendering;

namespace Sam.Operator.Controllers.ComposeApps.Logins;

/// <summary>Who may pass a route with basic auth.</summary>
/// <param name="Revision">Which state of the Secret was read; null if it holds no login, and nobody may pass.</param>
/// <param name="Accounts">Who.</param>
/// <param name="Fault">Why nobody may pass.</param>
internal sealed record RouteLogin(string? Revision, ImmutableArray<CaddyAccount> Accounts, string? Fault = null)
{
    // Hashes are not for logs.
    public override string ToString() => $"RouteLogin {Revision ?? Fault}";
}
