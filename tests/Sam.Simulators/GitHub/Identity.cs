using System.Text;

namespace Sam.Simulators.GitHub;

/// <summary>Finds out who calls: a JWT, an installation token, a person's token, or nobody.</summary>
internal sealed class Identity(GitHubWorld world)
{
    private static readonly TimeSpan s_lag = TimeSpan.FromSeconds(5);
    private readonly JwtCheck _jwt = new(world);

    /// <summary>The caller, and the refusal if what he shows is worth nothing.</summary>
    public (Caller Caller, Answer? Refusal) Of(GitHubRequest request, TimeSpan clockOffset)
    {
        var nobody = new Caller.Anonymous();
        var header = request.Header("Authorization");
        if (string.IsNullOrEmpty(header))
        {
            return (nobody, null);
        }
        if (Shown(header) is not { } shown)
        {
            return (nobody, Answer.Unauthorized());
        }
        if (Holder(shown) is { } holder)
        {
            return (holder, null);
        }
        // Tokens have a prefix; what has none and two dots is a JWT, good or bad.
        if (!shown.StartsWith("gh", StringComparison.Ordinal) && shown.Count(letter => letter == '.') == 2)
        {
            var (app, refusal) = _jwt.Verify(shown, clockOffset);
            return (app is null ? nobody : new Caller.OfApp(app, world.Options.RateLimit), refusal);
        }
        return (nobody, Answer.Unauthorized());
    }

    /// <summary>The holder of a token that works now.</summary>
    public Caller? Holder(string token)
    {
        if (world.People.TryGetValue(token, out var person))
        {
            return new Caller.OfPerson(person, world.Options.RateLimit);
        }
        return
            world.FindMint(token) is { } mint
            && mint.IsLiveAt(world.Now)
            && world.Installations.TryGetValue(mint.InstallationId, out var installation)
            ? new Caller.OfToken(mint, installation, world.Options.RateLimit)
            : null;
    }

    /// <summary>What stands against a caller who is known.</summary>
    public Answer? Refusal(Exchange exchange, Caller caller)
    {
        if (caller is Caller.Anonymous)
        {
            return null;
        }
        if (exchange.Strike(GitHubFaults.BadCredentials) is not null)
        {
            return Answer.Unauthorized();
        }
        if (caller is Caller.OfApp && exchange.Strike(GitHubFaults.AppUnknown) is not null)
        {
            return Answer.Error(404, "Integration not found");
        }
        return caller is Caller.OfToken token ? OfToken(exchange, token) : null;
    }

    private Answer? OfToken(Exchange exchange, Caller.OfToken caller)
    {
        if (exchange.Strike(GitHubFaults.TokenRevoked) is not null)
        {
            world.Revoke(caller.Mint.Token, GitHubFaults.TokenRevoked);
            return Answer.Unauthorized();
        }
        if (caller.Mint.At + s_lag > world.Now && exchange.Strike(GitHubFaults.TokenUnknownYet) is not null)
        {
            return Answer.Unauthorized();
        }
        return caller.Installation.SuspendedAt is not null || exchange.Strike(GitHubFaults.Suspended) is not null
            ? Answer.Error(403, "This installation has been suspended")
            : null;
    }

    /// <summary>The token of an Authorization header: Bearer, token, or the password of Basic with any user name.</summary>
    public static string? Shown(string header)
    {
        var parts = header.Split(' ', 2, StringSplitOptions.TrimEntries);
        if (parts.Length != 2)
        {
            return null;
        }
        return parts[0].ToLowerInvariant() switch
        {
            "bearer" or "token" => parts[1],
            "basic" => Password(parts[1]),
            _ => null,
        };
    }

    private static string? Password(string encoded)
    {
        var bytes = new byte[encoded.Length];
        return
            Convert.TryFromBase64String(encoded, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password]
            ? password
            : null;
    }
}
