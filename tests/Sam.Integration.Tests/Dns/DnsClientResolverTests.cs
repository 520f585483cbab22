using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sam.Operator.Clients.Dns;

namespace Sam.Integration.Tests.Dns;

/// <summary>The adapter against a DNS server on loopback that answers by the wire format of RFC 1035.</summary>
public sealed class DnsClientResolverTests : IDisposable
{
    private readonly UdpClient _server = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _end = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DnsClientResolver Resolver => new((IPEndPoint)_server.Client.LocalEndPoint!);

    public void Dispose()
    {
        _end.Cancel();
        _server.Dispose();
        _end.Dispose();
    }

    [Fact]
    public async Task Records_are_read_and_their_parts_joined()
    {
        var serving = ServeAsync(code: 0, ["v=spf1 -all"], ["sam-verification=", "0123"]);

        var answer = await Resolver.TxtAsync("_sam-verification.shop.example", Cancel);

        Assert.Equal(["v=spf1 -all", "sam-verification=0123"], Assert.IsType<TxtAnswer.Found>(answer).Values);
        Assert.Equal("_sam-verification.shop.example", await serving);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_has_no_record()
    {
        _ = ServeAsync(code: 3);

        var answer = await Resolver.TxtAsync("gone.shop.example", Cancel);

        Assert.Empty(Assert.IsType<TxtAnswer.Found>(answer).Values);
    }

    [Fact]
    public async Task A_server_that_fails_says_nothing_about_records()
    {
        _ = ServeAsync(code: 2);

        Assert.IsType<TxtAnswer.Silent>(await Resolver.TxtAsync("shop.example", Cancel));
    }

    /// <summary>Answers every question; the name of the first one.</summary>
    private Task<string> ServeAsync(int code, params string[][] records)
    {
        var first = new TaskCompletionSource<string>();
        _ = LoopAsync();
        return first.Task;

        async Task LoopAsync()
        {
            try
            {
                while (true)
                {
                    var asked = await _server.ReceiveAsync(_end.Token);
                    first.TrySetResult(NameOf(asked.Buffer));
                    await _server.SendAsync(Answer(asked.Buffer, code, records), asked.RemoteEndPoint, _end.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                first.TrySetCanceled();
            }
        }
    }

    private static string NameOf(byte[] question)
    {
        var labels = new List<string>();
        for (var at = 12; question[at] != 0; at += question[at] + 1)
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        return string.Join('.', labels);
    }

    private static byte[] Answer(byte[] asked, int code, string[][] records)
    {
        var end = 12;
        while (asked[end] != 0)
            end += asked[end] + 1;
        var question = asked[12..(end + 5)];
        var answer = new List<byte>(asked[..2]) { 0x81, (byte)(0x80 | code) };
        foreach (var count in (int[])[1, records.Length, 0, 0])
            answer.AddRange(TwoBytes(count));
        answer.AddRange(question);
        foreach (var record in records)
        {
            byte[] text = [.. record.SelectMany(part => (byte[])[(byte)part.Length, .. Encoding.ASCII.GetBytes(part)])];
            // The name by pointer to the question, type TXT, class IN, 60 s.
            answer.AddRange([0xC0, 0x0C, 0, 16, 0, 1, 0, 0, 0, 60]);
            answer.AddRange(TwoBytes(text.Length));
            answer.AddRange(text);
        }

        return [.. answer];
    }

    private static byte[] TwoBytes(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }
}
