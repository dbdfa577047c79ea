using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Shop;

internal static class OrdersApi
{
    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders");
        orders.MapGet("/", (OrderBook book) => book.All);
        orders.MapGet("/{orderId:int}", Get);
        orders.MapPost("/", Create);
        orders.MapDelete("/{orderId:int}", Delete);
    }

    private static Results<Ok<Order>, NotFound> Get(int orderId, OrderBook book) =>
        book.Find(orderId) is { } order ? TypedResults.Ok(order) : TypedResults.NotFound();

    private static Results<Created<Order>, ValidationProblem> Create(NewOrder order, OrderBook book)
    {
        if (order.Lines is null or [] || order.Lines.Any(l => l.Quantity < 1))
        {
            return TypedResults.ValidationProblem(
                new Dictionary<string, string[]>(StringComparer.Ordinal)
                {
                    ["lines"] = ["At least one line, and of each article at least one."],
                }
            );
        }

        var added = book.Add(order);
        return TypedResults.Created($"/orders/{added.Id}", added);
    }

    private static Results<NoContent, NotFound> Delete(int orderId, OrderBook book) =>
        book.Remove(orderId) ? TypedResults.NoContent() : TypedResults.NotFound();
}
