using System.Text;
using System.Text.Json.Serialization.Metadata;
using Sam.Operator.Clients.Hetzner.Wire;

namespace Sam.Operator.Clients.Hetzner;

/// <summary>The Hetzner Cloud API over HTTP with one token: servers and actions here, the rest in its sibling file.</summary>
internal sealed partial class HetznerClient(HetznerTransport transport, HetznerBudget budget, HetznerOptions options) : IHetzner
{
    private const int MaxUserData = 32 * 1024;

    public HetznerBudget Budget => budget;

    public async Task<CreateOutcome> CreateServerAsync(CreateServerRequest request, CancellationToken cancellationToken)
    {
        if (request.UserData is { } userData && Encoding.UTF8.GetByteCount(userData) is > MaxUserData and var size)
        {
            return new CreateOutcome.Rejected(
                HetznerCodes.InvalidInput,
                $"User data has {size} bytes; 32 KiB are allowed",
                "user_data"
            );
        }
        try
        {
            var post = HetznerRequest.Post("/servers", "servers", request.ToBody(), HetznerJson.Default.CreateServerBody);
            var answer = await transport.SendAsync(post, HetznerJson.Default.CreateServerAnswer, cancellationToken);
            return new CreateOutcome.Created(answer.Server.ToServer(), answer.Action.Id);
        }
        catch (HetznerException refusal) when (RefusedCreate(refusal) is { } outcome)
        {
            return outcome;
        }
    }

    public Task<Server?> GetServerAsync(long id, CancellationToken cancellationToken) =>
        FindAsync(
            "/servers/{id}",
            $"servers/{id}",
            HetznerJson.Default.ServerAnswer,
            a => a.Server.ToServer(),
            cancellationToken
        );

    public Task<IReadOnlyList<Server>> ListServersAsync(string labelSelector, CancellationToken cancellationToken) =>
        // By id: a server created or deleted while pages are read shifts the others between pages otherwise.
        ListAsync<ServersPage, WireServer, Server>(
            "/servers",
            $"servers?sort=id:asc&label_selector={Uri.EscapeDataString(labelSelector)}",
            HetznerJson.Default.ServersPage,
            Mapping.ToServer,
            cancellationToken
        );

    public async Task<Server?> FindServerAsync(string name, CancellationToken cancellationToken)
    {
        var found = await ListAsync<ServersPage, WireServer, Server>(
            "/servers",
            $"servers?name={Uri.EscapeDataString(name)}",
            HetznerJson.Default.ServersPage,
            Mapping.ToServer,
            cancellationToken
        );
        return found.FirstOrDefault(server => server.Name == name);
    }

    public Task<DeleteOutcome> DeleteServerAsync(long id, CancellationToken cancellationToken) =>
        DeleteAsync("/servers/{id}", $"servers/{id}", cancellationToken);

    public Task<HetznerAction?> GetActionAsync(long id, CancellationToken cancellationToken) =>
        FindAsync(
            "/actions/{id}",
            $"actions/{id}",
            HetznerJson.Default.ActionAnswer,
            a => a.Action.ToAction(),
            cancellationToken
        );

    public Task<HetznerAction> PowerOffAsync(long serverId, CancellationToken cancellationToken) =>
        ActAsync(serverId, "poweroff", cancellationToken);

    public Task<HetznerAction> PowerOnAsync(long serverId, CancellationToken cancellationToken) =>
        ActAsync(serverId, "poweron", cancellationToken);

    private static CreateOutcome? RefusedCreate(HetznerException refusal) =>
        refusal switch
        {
            { Code: HetznerCodes.UniquenessError } => new CreateOutcome.NameTaken(refusal.Message),
            { Kind: HetznerErrorKind.Capacity } => new CreateOutcome.NoCapacity(refusal.Code, refusal.Message),
            { Kind: HetznerErrorKind.Quota } => new CreateOutcome.Quota(refusal.Code, refusal.Message),
            { Kind: HetznerErrorKind.Invalid or HetznerErrorKind.NotFound } => new CreateOutcome.Rejected(
                refusal.Code,
                refusal.Message,
                refusal.Fields is [var first, ..] ? first.Split(':')[0] : null
            ),
            _ => null,
        };

    private async Task<HetznerAction> ActAsync(long serverId, string verb, CancellationToken cancellationToken)
    {
        var post = HetznerRequest.Post($"/servers/{{id}}/actions/{verb}", $"servers/{serverId}/actions/{verb}");
        return (await transport.SendAsync(post, HetznerJson.Default.ActionAnswer, cancellationToken)).Action.ToAction();
    }

    private async Task<DeleteOutcome> DeleteAsync(string route, string path, CancellationToken cancellationToken)
    {
        try
        {
            var delete = HetznerRequest.Delete(route, path);
            var answer = await transport.SendAsync(delete, HetznerJson.Default.OptionalActionAnswer, cancellationToken);
            return new DeleteOutcome.Deleted(answer.Action?.Id);
        }
        catch (HetznerException exception) when (exception.Kind == HetznerErrorKind.NotFound)
        {
            return new DeleteOutcome.Gone();
        }
        catch (HetznerException exception) when (exception.Code == HetznerCodes.Protected)
        {
            return new DeleteOutcome.Protected(exception.Message);
        }
        catch (HetznerException exception) when (exception.Kind == HetznerErrorKind.Conflict)
        {
            return new DeleteOutcome.Locked(exception.Message);
        }
    }

    private async Task<TValue?> FindAsync<TAnswer, TValue>(
        string route,
        string path,
        JsonTypeInfo<TAnswer> type,
        Func<TAnswer, TValue> map,
        CancellationToken cancellationToken,
        Spending spending = Spending.Read
    )
        where TValue : class
    {
        try
        {
            var get = HetznerRequest.Get(route, path) with { Spending = spending };
            return map(await transport.SendAsync(get, type, cancellationToken));
        }
        catch (HetznerException exception) when (exception.Kind == HetznerErrorKind.NotFound)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<TValue>> ListAsync<TPage, TItem, TValue>(
        string route,
        string path,
        JsonTypeInfo<TPage> type,
        Func<TItem, TValue> map,
        CancellationToken cancellationToken,
        Spending spending = Spending.Read
    )
        where TPage : class, IPage<TItem>
    {
        List<TValue> all = [];
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var number = 1;
        for (var count = 0; count < options.MaxPages; count++)
        {
            var get = HetznerRequest.Get(route, $"{path}{separator}page={number}&per_page={options.PageSize}") with
            {
                Spending = spending,
            };
            var page = await transport.SendAsync(get, type, cancellationToken);
            all.AddRange(page.Items.Select(map));
            if (page.Meta.Pagination.NextPage is not { } next)
            {
                return all;
            }
            // Pages only grow; a number seen before would make this a circle that reads the same servers for ever.
            if (next <= number || page.Meta.Pagination.Page != number)
            {
                throw Endless($"page {page.Meta.Pagination.Page} came for {number}, next {next}");
            }
            number = next;
        }
        throw Endless($"more than {options.MaxPages} pages");

        HetznerException Endless(string why) =>
            new(HetznerErrorKind.Unknown, HetznerCodes.ClientPaging, 200, $"Hetzner's list {route} does not end: {why}");
    }
}
