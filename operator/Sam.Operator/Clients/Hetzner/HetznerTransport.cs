using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>One call to the API with one token: sends, reads the budget, counts, and turns every fault into its type.</summary>
internal sealed class HetznerTransport(
    HttpMessageInvoker http,
    HetznerToken token,
    HetznerOptions options,
    HetznerBudget budget,
    BudgetKeeper keeper,
    IHetznerCallObserver? observer,
    TimeProvider timeProvider
)
{
    private const int MaxErrorBody = 4096;
    private const long LastUnixSecond = 253_402_300_799;
    private const int MaxBody = 16 * 1024 * 1024;

    public async Task<TAnswer> SendAsync<TAnswer>(
        HetznerRequest request,
        JsonTypeInfo<TAnswer> answerType,
        CancellationToken cancellationToken
    )
    {
        await keeper.EnterAsync(request.Spending, cancellationToken);
        var told = new Told();
        try
        {
            return await ExchangeAsync(request, answerType, told, cancellationToken);
        }
        finally
        {
            keeper.Leave(told.Reading, told.IsLimited);
        }
    }

    private async Task<TAnswer> ExchangeAsync<TAnswer>(
        HetznerRequest request,
        JsonTypeInfo<TAnswer> answerType,
        Told told,
        CancellationToken cancellationToken
    )
    {
        var started = timeProvider.GetTimestamp();
        var sentAt = timeProvider.GetUtcNow();
        var outcome = "connection";
        using var timeout = new CancellationTokenSource(options.RequestTimeout, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var message = Message(request);
            using var response = await http.SendAsync(message, both.Token);
            var status = (int)response.StatusCode;
            told.Reading = ReadBudget(response, sentAt);
            told.IsLimited = status == (int)HttpStatusCode.TooManyRequests;
            if (!response.IsSuccessStatusCode)
            {
                outcome = status.ToString(CultureInfo.InvariantCulture);
                var text = Encoding.UTF8.GetString(await ReadAsync(response, MaxErrorBody, both.Token));
                throw HetznerErrors.From(
                    status,
                    text,
                    RetryAt(response, told.Reading),
                    request.IsWrite,
                    timeProvider.GetUtcNow()
                );
            }
            var body = await ReadAsync(response, MaxBody, both.Token);
            outcome = status.ToString(CultureInfo.InvariantCulture);
            return Read(body, answerType, status, request);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = "cancelled";
            throw;
        }
        catch (OperationCanceledException exception)
        {
            outcome = "timeout";
            throw Fault(
                HetznerCodes.ClientTimeout,
                $"gave no whole answer within {options.RequestTimeout.TotalSeconds:0.#} s",
                exception
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Fault(
                HetznerCodes.ClientConnection,
                $"broke the connection or cannot be reached ({exception.Message})",
                exception
            );
        }
        finally
        {
            Observe(request, outcome, started);
        }

        HetznerException Fault(string code, string what, Exception exception) =>
            new(HetznerErrorKind.Transient, code, null, $"Hetzner {what}: {request.Method} {request.Route}", null, exception)
            {
                MayHaveTakenEffect = request.IsWrite,
            };
    }

    private void Observe(HetznerRequest request, string outcome, long started) =>
        observer?.Called(
            new HetznerCall(
                token.Fingerprint,
                request.Method.Method,
                request.Route,
                outcome,
                timeProvider.GetElapsedTime(started)
            )
        );

    private HttpRequestMessage Message(HetznerRequest request)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(options.Endpoint, request.Path))
        {
            Content = request.Content,
        };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        message.Headers.UserAgent.ParseAdd(options.UserAgent);
        message.Headers.Accept.ParseAdd("application/json");
        return message;
    }

    private static TAnswer Read<TAnswer>(byte[] body, JsonTypeInfo<TAnswer> type, int status, HetznerRequest request)
    {
        try
        {
            // 204 has no body; the types used there have only optional members.
            ReadOnlySpan<byte> json = body.Length == 0 && status == 204 ? "{}"u8 : body;
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("the answer is null");
        }
        catch (JsonException exception)
        {
            throw new HetznerException(
                HetznerErrorKind.Unknown,
                HetznerCodes.ClientWrongShape,
                status,
                $"Hetzner's answer to {request.Method} {request.Route} has another shape than documented (at {exception.Path ?? "$"})",
                null,
                exception
            )
            {
                MayHaveTakenEffect = request.IsWrite,
            };
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while (buffer.Length < limit && (read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            buffer.Write(chunk, 0, (int)Math.Min(read, limit - buffer.Length));
        }
        return buffer.ToArray();
    }

    private HetznerBudget.Reading? ReadBudget(HttpResponseMessage response, DateTimeOffset sentAt)
    {
        if (
            Number(response, "RateLimit-Limit") is not { } limit
            || Number(response, "RateLimit-Remaining") is not { } remaining
            || Number(response, "RateLimit-Reset") is not { } reset
            || reset is < 0 or > LastUnixSecond
        )
        {
            return null;
        }
        var now = timeProvider.GetUtcNow();
        var reading = new HetznerBudget.Reading((int)limit, (int)remaining, DateTimeOffset.FromUnixTimeSeconds(reset), now);
        budget.Report(reading, sentAt);
        observer?.BudgetRead(token.Fingerprint, reading);
        return reading;
    }

    private DateTimeOffset? RetryAt(HttpResponseMessage response, HetznerBudget.Reading? reading)
    {
        if (response.Headers.RetryAfter is { } after)
        {
            return after.Date ?? timeProvider.GetUtcNow() + after.Delta;
        }
        // The reset header tells when the budget is whole again; one call is possible as soon as one unit has come back.
        return reading is { Limit: > 0 } ? reading.At + TimeSpan.FromHours(1.0 / reading.Limit) : null;
    }

    private static long? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values)
        && long.TryParse(values.FirstOrDefault(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>What an answer said of the budget, whatever became of it otherwise.</summary>
    private sealed class Told
    {
        public HetznerBudget.Reading? Reading { get; set; }
        public bool IsLimited { get; set; }
    }
}
