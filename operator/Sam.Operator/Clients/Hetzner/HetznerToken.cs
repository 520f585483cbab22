using System.Security.Cryptography;
using System.Text;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>An API token of one Hetzner project; its text leaves this class only towards the Authorization header.</summary>
public sealed class HetznerToken : IEquatable<HetznerToken>
{
    private readonly string _value;

    public HetznerToken(string value)
    {
        // A stray line break is what a Secret made with `echo` has; anything else odd would become a malformed header.
        _value = value.Trim();
        if (_value.Length == 0 || _value.Any(c => c is <= ' ' or > '~'))
        {
            throw new ArgumentException("A Hetzner token is one word of printable ASCII characters.", nameof(value));
        }
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_value)))[..12];
    }

    /// <summary>Tells tokens apart in logs, metrics and caches without showing them.</summary>
    public string Fingerprint { get; }

    internal string Reveal() => _value;

    public bool Equals(HetznerToken? other) => other is not null && _value == other._value;

    public override bool Equals(object? obj) => Equals(obj as HetznerToken);

    public override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"hetzner-token-{Fingerprint}";
}
