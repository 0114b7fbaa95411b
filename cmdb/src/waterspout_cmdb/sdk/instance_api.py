"""The part of the CMDB's API that is about instances."""

from __future__ import absolute_import, division, print_function

import waterspout

_INSTANCES = "/object/{object_id}/instance"
_INSTANCE = _INSTANCES + "/{instance_id}"


class InstanceAPI(waterspout.BaseSDK):
    """Imports, searches, counts, reads and writes instances; see `CMDBSDK` for the answers.

    ``payload`` is the JSON object that the CMDB takes; it is sent as it is.
    """

    # Many at once

    def instance_api_import_instance(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Insert or update many instances.

        Args:
            payload: ``{"keys": ["name"], "datas": [{...}, ...]}``; ``keys`` together identify
                a row.
        ``data`` is ``{insert_count, update_count, failed_count, data}``, the last one naming
        the rows that failed. Safe to retry: the same rows become updates; with ``instanceId``
        as the key only if there is an instance of each row's.
        """
        return self._instances("POST", "/_import", object_id, json=payload)

    def instance_api_import_instance_json(self, object_id, items):
        # type: (str, Sequence[Mapping]) -> Future[Dict]
        """Change what filters find: ``items`` are ``{"filter": query, "update": {...}, "upsert":
        bool}``. ``data`` is a list with ``{instanceId, code, matched, effected, message}`` for
        each. Safe to retry, unless an ``update`` changes what its filter looks for."""
        return self._instances("POST", "/_import-json", object_id, json=items)

    def instance_api_upsert_instance(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Insert or update the rows in ``payload["datas"]``, all or none; ``data`` is
        ``{"list": [instance, ...]}``."""
        return self._instances("POST", "/upsert", object_id, json=payload)

    def instance_api_delete_instance_batch(self, object_id, instance_ids):
        # type: (str, Iterable[str]) -> Future[Dict]
        """Delete instances; ``data`` is ``{"deleteFailedInstances": [...]}``."""
        # In the body, because the ids of a few hundred instances make too long a URL.
        return self._instances(
            "DELETE", "/_batch", object_id, json={"instanceIds": ";".join(instance_ids)}
        )

    # Searching

    def instance_api_search_instance(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Search instances: ``payload`` has ``query``, ``fields``, ``sort``, ``page``,
        ``page_size``. ``data`` is ``{list, total, page, page_size}``."""
        return self._instances("POST", "/_search", object_id, json=payload)

    def instance_api_search_instance_v2(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """The same; ``fields`` is required, ``sort`` is a list of ``{"key", "order"}``."""
        return self._instances("POST", "/_search", object_id, version="/v2", json=payload)

    def instance_api_search_instance_v3(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """The same as version 2, but ``fields`` is a list of names, which must exist."""
        return self._instances("POST", "/_search", object_id, version="/v3", json=payload)

    def instance_api_search_instance_batch(self, searches):
        # type: (Sequence[Mapping]) -> Future[Dict]
        """Search several models: ``searches`` are ``{"object_id": ..., "search": payload}``;
        ``data`` is a list with a page for each."""
        return self.fetch_async(
            "POST", "/batch/object/instance/_search", json={"data": searches}
        )

    def instance_api_list_instance(self, object_id, page=None, page_size=None, relations=None):
        # type: (str, Optional[int], Optional[int], Optional[Iterable[str]]) -> Future[Dict]
        """A page of all instances; ``relations`` names the relations to show, all unless given."""
        params = {"page": page, "page_size": page_size}
        if relations is not None:
            params["select_relations"] = ",".join(relations) or "*"
        return self._instances("GET", "", object_id, params=params)

    # Counting

    def instance_api_search_total(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Count what ``payload["query"]`` matches; ``data`` is a number."""
        return self._instances("POST", "/_search_total", object_id, json=payload)

    def instance_api_count_instance(self, object_ids=None):
        # type: (Optional[Iterable[str]]) -> Future[Dict]
        """``data`` maps each of the models, all unless named, to its number of instances."""
        params = {"objectIds": ",".join(object_ids)} if object_ids else None
        return self.fetch_async("GET", "/object_count_all", params=params)

    def instance_api_group_instance(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Functions of groups: ``payload`` has ``group_field``, ``funcs``, ``query``."""
        return self._instances("POST", "/group", object_id, json=payload)

    def instance_api_group_instance_v3(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """The same by several ``group_fields``; ``data["list"]`` has a flat map for each group."""
        return self._instances("POST", "/group", object_id, version="/v3", json=payload)

    def instance_api_count_value(self, object_id, attribute_id, page=None, page_size=None):
        # type: (str, str, Optional[int], Optional[int]) -> Future[Dict]
        """How often each value of an attribute occurs; ``data`` is a page of
        ``{"count": number, "attr": {attribute_id: value}}``."""
        return self._instances(
            "GET",
            "/aggregate/count/{attribute_id}",
            object_id,
            {"attribute_id": attribute_id},
            params={"page": page, "page_size": page_size},
        )

    # One

    def instance_api_get_instance(self, object_id, instance_id, fields=None):
        # type: (str, str, Optional[Iterable[str]]) -> Future[Dict]
        """One instance; ``fields`` names the attributes wanted, all of them unless given; dots
        lead into related instances."""
        params = {"fields": ",".join(fields)} if fields else None
        return self._instance("GET", object_id, instance_id, params=params)

    def instance_api_create_instance(self, object_id, payload):
        # type: (str, Mapping) -> Future[Dict]
        """Create one instance of the attributes in ``payload``; ``data`` is what was stored.

        Not safe to retry blindly: the model may allow a second one.
        """
        return self._instances("POST", "", object_id, version="/v2", json=payload)

    def instance_api_update_instance(self, object_id, instance_id, payload):
        # type: (str, str, Mapping) -> Future[Dict]
        """Change the attributes in ``payload``; ``data`` is the instance as it is then."""
        return self._instance("PUT", object_id, instance_id, json=payload)

    def instance_api_update_instance_v2(self, object_id, instance_id, payload):
        # type: (str, str, Mapping) -> Future[Dict]
        """The same; relations may be among them."""
        return self._instance("PUT", object_id, instance_id, version="/v2", json=payload)

    def instance_api_delete_instance(self, object_id, instance_id):
        # type: (str, str) -> Future[Dict]
        """Delete one instance; ``data`` is the instance as it was."""
        return self._instance("DELETE", object_id, instance_id)

    def _instances(self, method, tail, object_id, path=None, version="", **kwargs):
        path = dict(path or {}, object_id=object_id)
        return self.fetch_async(method, version + _INSTANCES + tail, path=path, **kwargs)

    def _instance(self, method, object_id, instance_id, version="", **kwargs):
        path = {"object_id": object_id, "instance_id": instance_id}
        return self.fetch_async(method, version + _INSTANCE, path=path, **kwargs)
