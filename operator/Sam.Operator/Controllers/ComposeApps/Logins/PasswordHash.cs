using System.Security.Cryptography;
using System.Text;
using k8s.Models;

namespace Sam.Operator.Controllers.ComposeApps.Logins;

/// <summary>
/// bcrypt with a salt that is the same for the same login: another one at each start, or at each touch of the Secret, would change Caddy's document, and every
/// reload can cost a connection. The salt says nothing of the password.
/// </summary>
internal static class PasswordHash
{
    private const int Cost = 10;

    // bcrypt's own order of base64 (Provos and Mazières, 1999).
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>The hash in modular crypt format.</summary>
    public static string Of(string password, V1ObjectMeta secret, string username)
    {
        var seed = $"sam.dev route login\n{secret.Uid}\n{username}";
        var salt = SHA256.HashData(Encoding.UTF8.GetBytes(seed))[..16];
        return BCrypt.Net.BCrypt.HashPassword(password, $"$2a${Cost}${Base64(salt)}");
    }

    private static string Base64(byte[] bytes)
    {
        var text = new StringBuilder();
        for (var bit = 0; bit < bytes.Length * 8; bit += 6)
        {
            var pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[(bit / 8) + 1] : 0);
            text.Append(Alphabet[(pair >> (10 - (bit % 8))) & 63]);
        }

        return text.ToString();
    }
}
