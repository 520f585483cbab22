using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;
using Sam.Compose.Rendering;

namespace Sam.Operator.Controllers.ComposeApps.Logins;

/// <summary>
/// Reads logins from a Secret: <c>username</c> and <c>password</c> (Kubernetes, type <c>kubernetes.io/basic-auth</c>), or lines of <c>htpasswd -B</c> under
/// <c>auth</c>, as ingress controllers take them. A fault quotes no value. Pure.
/// </summary>
internal static partial class LoginSecret
{
    private const string HtpasswdKey = "auth";
    private const int MostAccounts = 100;

    // bcrypt reads no further (BCrypt.Net and others cut off in silence).
    private const int MostPasswordBytes = 72;

    // Each step doubles the time of every request with another password, on the user's own node.
    private const int MostCost = 14;

    /// <summary>The accounts, or what is wrong with the Secret.</summary>
    public static (ImmutableArray<CaddyAccount> Accounts, string? Fault) Read(V1Secret secret)
    {
        var name = secret.Metadata.Name;
        if (Value(secret, HtpasswdKey) is { } lines)
            return Lines(name, lines);
        if (Value(secret, "username") is not { } user || Value(secret, "password") is not { } password)
            return ([], $"Secret {name} has neither username and password nor {HtpasswdKey}; add them");
        if (NameFault(user) is { } fault)
            return ([], $"Secret {name}, key username: {fault}");
        if (password.Length == 0 || Encoding.UTF8.GetByteCount(password) > MostPasswordBytes || password.Contains('\0'))
            return ([], $"Secret {name}, key password: it must have 1 to {MostPasswordBytes} bytes and no NUL");
        return ([new CaddyAccount(user, PasswordHash.Of(password, secret.Metadata, user))], null);
    }

    private static (ImmutableArray<CaddyAccount> Accounts, string? Fault) Lines(string name, string text)
    {
        var accounts = ImmutableArray.CreateBuilder<CaddyAccount>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (user, hash) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
            if ((NameFault(user) ?? HashFault(hash)) is { } fault)
                return ([], $"Secret {name}, key {HtpasswdKey}, line {number}: {fault}");
            if (accounts.Any(account => account.Username == user))
                return ([], $"Secret {name}, key {HtpasswdKey}, line {number}: a name is used twice; keep one of them");
            accounts.Add(new CaddyAccount(user, hash));
        }

        return accounts.Count switch
        {
            0 => ([], $"Secret {name}, key {HtpasswdKey} holds no login; add lines as htpasswd -B writes them"),
            > MostAccounts => (
                [],
                $"Secret {name}, key {HtpasswdKey} holds more than {MostAccounts} logins; put a login page before the app"
            ),
            _ => (accounts.ToImmutable(), null),
        };
    }

    private static string? NameFault(string user) =>
        user.Length is 0 or > 255 ? "a name has 1 to 255 characters"
        : user.Any(symbol => symbol is ':' or '{' or '}' || char.IsControl(symbol))
            ? "a name has no colon, brace or control character"
        : null;

    private static string? HashFault(string hash)
    {
        if (Bcrypt().Match(hash) is not { Success: true } match)
            return "only bcrypt hashes are taken; write the line with htpasswd -B";
        return int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is >= 4 and <= MostCost
            ? null
            : $"a bcrypt hash of cost 4 to {MostCost} is taken; write the line with htpasswd -B -C 10";
    }

    private static string? Value(V1Secret secret, string key) =>
        secret.Data?.TryGetValue(key, out var bytes) == true ? Encoding.UTF8.GetString(bytes) : null;

    [GeneratedRegex(@"\A\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}\z")]
    private static partial Regex Bcrypt();
}
