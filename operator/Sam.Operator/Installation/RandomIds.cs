using System.Security.Cryptography;

namespace Sam.Operator.Installation;

/// <summary>Where identities come from that nobody may guess; a run in virtual time puts a seeded source in its place.</summary>
internal class RandomIds
{
    /// <summary>64 random bits in lower-case hexadecimal.</summary>
    public virtual string Next() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
