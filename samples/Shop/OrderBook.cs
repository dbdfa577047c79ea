using System.Collections.Concurrent;

namespace ApiSvc.Shop;

/// <summary>The orders there are; gone with the process.</summary>
internal sealed class OrderBook
{
    private readonly ConcurrentDictionary<int, Order> _orders = new();
    private int _last;

    public OrderBook()
    {
        Add(new NewOrder("Ada", [new("Notebook", 2), new("Pencil", 12)]));
        Add(new NewOrder("Grace", [new("Compiler", 1)]));
    }

    public IReadOnlyList<Order> All => [.. _orders.Values.OrderBy(o => o.Id)];

    public Order? Find(int id) => _orders.GetValueOrDefault(id);

    public Order Add(NewOrder order)
    {
        var id = Interlocked.Increment(ref _last);
        return _orders[id] = new Order(id, order.Customer, order.Lines);
    }

    public bool Remove(int id) => _orders.TryRemove(id, out _);
}
