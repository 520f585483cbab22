using System.Security.Cryptography;
using System.Text;

namespace Sam.Simulators.GitHub;

/// <summary>The bytes of tokens: every second one is short as they were for years, the others long as newer ones are.</summary>
internal static class TokenText
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Make(int seed, long number)
    {
        var letters = Letters(seed, number, number % 2 == 0 ? 36 : 420);
        // Dots and underscores occur in the long form: whoever splits tokens or takes them for a JWT breaks here.
        return number % 2 == 0
            ? $"ghs_{letters}"
            : $"ghs_{letters[..40]}.{letters[40..300]}_{letters[300..360]}.{letters[360..]}";
    }

    public static string Letters(int seed, long number, int count)
    {
        var text = new StringBuilder(count);
        for (var block = 0; text.Length < count; block++)
        {
            foreach (var part in SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {number} {block}")))
            {
                text.Append(Alphabet[part % Alphabet.Length]);
            }
        }
        return text.ToString(0, count);
    }
}
