using k8s.Models;
using Sam.Operator.Registry.Logins;

namespace Sam.Operator.Registry.Endpoint;

/// <summary>Who a login was proved to be.</summary>
internal abstract record Bearer
{
    /// <summary>A ServiceAccount that the API server knows by this token.</summary>
    /// <param name="User">As the API server named it.</param>
    /// <param name="ExpiresAt">The end of its token, if the token says so.</param>
    public sealed record Person(V1UserInfo User, DateTimeOffset? ExpiresAt) : Bearer
    {
        /// <inheritdoc/>
        public override string ToString() => User.Username;
    }

    /// <summary>A login out of a pull Secret whose entry still stands.</summary>
    /// <param name="Login">The login.</param>
    /// <param name="Entry">What still stands of it.</param>
    public sealed record Puller(PullLogin Login, StandingEntry Entry) : Bearer;
}

/// <summary>What came of a login.</summary>
internal abstract record LoginOutcome
{
    /// <summary>Proved.</summary>
    public sealed record Known(Bearer Bearer) : LoginOutcome;

    /// <summary>Not proved.</summary>
    public sealed record Refused(string Why) : LoginOutcome;

    /// <summary>Nobody can tell now, so nobody gets in.</summary>
    public sealed record Unavailable(string Why) : LoginOutcome;
}
