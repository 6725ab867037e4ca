"""Routes that differ in little, made from what they differ in."""

from .answers import found, last_refusal


def ids_of(at, name):
    """Return the ids an attacker knows by that name."""
    ids = getattr(at, name)
    return ids if isinstance(ids, list) else [ids]


def writing(model, target, what=None, /, **values):
    """Return a route for every one of the values; a function is given ``at``."""

    def make(name, value):
        def route(rpc, at):
            chosen = value(rpc, at) if callable(value) else value
            return rpc(model, "write", ids_of(at, target), {name: chosen})

        route.__name__ = f"write_{what or target}_{name}"
        return route

    return tuple(make(name, value) for name, value in values.items())


def calling(model, method, target=None, /, *args, context=None, **kwargs):
    """Return a route that calls one method."""

    def route(rpc, at):
        first = [ids_of(at, target)] if target else []
        given = [a(rpc, at) if callable(a) else a for a in args]
        return rpc(model, method, *first, *given, context=context, **kwargs)

    route.__name__ = f"{method}_{target or model}{'_with_context' * bool(context)}"
    return route


def reading(model, target, *names):
    """Return a route that tries all usual ways to read records, or to find them."""

    def route(rpc, at):
        ids = ids_of(at, target)
        domain, fields = [["id", "in", ids]], list(names)
        return last_refusal(
            {
                "read": lambda: found(rpc(model, "read", ids, fields)),
                "search": lambda: found(rpc(model, "search", domain)),
                "search_read": lambda: found(rpc(model, "search_read", domain, fields)),
                "search_count": lambda: found(rpc(model, "search_count", domain)),
                "name_search": lambda: found(rpc(model, "name_search", "", domain)),
                "export": lambda: found(
                    rpc(model, "export_data", ids, fields)["datas"]
                ),
                "groups": lambda: found(
                    [
                        group
                        for group in rpc(
                            model, "formatted_read_group", domain, [], ["__count"]
                        )
                        if group["__count"]
                    ]
                ),
            }
        )

    route.__name__ = f"read_{target}"
    return route
