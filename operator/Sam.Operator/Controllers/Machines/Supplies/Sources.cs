using System.Globalization;
using System.Net;

namespace Sam.Operator.Controllers.Machines.Supplies;

/// <summary>Writes addresses as the provider does. A rule that only looks different would be set again at every look.</summary>
internal static class Sources
{
    /// <summary>An address or network as a network that begins at its first address: `203.0.113.7` is `203.0.113.7/32`, `203.0.113.7/28` is `203.0.113.0/28`.</summary>
    public static string Canonical(string source)
    {
        var (text, length) = source.Split('/') is [var before, var after] ? (before, after) : (source, null);
        var bytes = IPAddress.Parse(text).GetAddressBytes();
        var prefix = length is null ? bytes.Length * 8 : int.Parse(length, CultureInfo.InvariantCulture);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] &= (byte)(0xFF << (8 - Math.Clamp(prefix - (i * 8), 0, 8)));
        return $"{new IPAddress(bytes)}/{prefix.ToString(CultureInfo.InvariantCulture)}";
    }
}
