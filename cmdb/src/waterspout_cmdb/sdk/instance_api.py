"""The CMDB's API for instances."""

from __future__ import absolute_import, division, print_function

import waterspout
from waterspout_cmdb.sdk.repeatable_imports import is_repeatable_import

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, Iterable, Mapping, Optional, Sequence, Union  # noqa: F401

    from tornado.concurrent import Future  # noqa: F401

    _Object = Union[Mapping, waterspout.EncodedJSON]

_INSTANCES = "/object/{object_id}/instance"
_INSTANCE = _INSTANCES + "/{instance_id}"


class InstanceAPI(waterspout.BaseSDK):
    """Imports, searches, counts, reads and writes instances; see `CMDBSDK` for answers and errors.

    ``payload`` is the JSON object that the CMDB expects, or a `waterspout.EncodedJSON` of it; it is
    sent unchanged.
    """

    # Several instances in one request

    def instance_api_import_instance(self, object_id, payload, idempotent=None):
        # type: (str, _Object, Optional[bool]) -> Future[Dict]
        """Insert or update many instances.

        Args:
            payload: ``{"keys": ["name"], "datas": [{...}, ...]}``; the attributes in ``keys``
                together identify a row's instance.
            idempotent (bool or None): whether it does no harm if the CMDB carries it out twice, so
                that ``retry=`` may send it again. None: if it has ``keys`` other than
                ``instanceId`` and no related instances to create; False for an EncodedJSON, which
                is not looked into.
        Returns: ``data`` is ``{insert_count, update_count, failed_count, data}``; the inner
            ``data`` lists the rows that failed.

        Safe to retry: the same rows become updates. With ``instanceId`` as the key, only if each
        row's instance exists; with related instances to create, never.
        """
        if idempotent is None:
            idempotent = is_repeatable_import(payload)
        return self._instances(
            "POST", "/_import", object_id, json=payload, idempotent=idempotent)

    def instance_api_import_instance_json(self, object_id, items):
        # type: (str, Sequence[Mapping]) -> Future[Dict]
        """Update the instances that filters find, or insert them.

        Args:
            items: each ``{"filter": query, "update": {...}, "upsert": bool}``.
        Returns: ``data`` is a list with ``{instanceId, code, matched, effected, message}`` for each
            item.

        Safe to retry, unless an ``update`` changes an attribute that its filter uses.
        """
        return self._instances("POST", "/_import-json", object_id, json=items)

    def instance_api_upsert_instance(self, object_id, payload):
        # type: (str, _Object) -> Future[Dict]
        """Insert or update the rows in ``payload["datas"]``, all or none.

        Returns: ``data`` is ``{"list": [instance, ...]}``.
        """
        return self._instances("POST", "/upsert", object_id, json=payload)

    def instance_api_delete_instance_batch(self, object_id, instance_ids):
        # type: (str, Iterable[str]) -> Future[Dict]
        """Delete instances; ``data`` is ``{"deleteFailedInstances": [...]}``."""
        # In the body, because a URL with a few hundred ids would be too long.
        return self._instances(
            "DELETE", "/_batch", object_id, json={"instanceIds": ";".join(instance_ids)}
        )

    # Searching

    def instance_api_search_instance(self, object_id, payload):
        # type: (str, _Object) -> Future[Dict]
        """Search instances.

        Args:
            payload: has ``query``, ``fields``, ``sort``, ``page``, ``page_size``.
        Returns: ``data`` is ``{list, total, page, page_size}``.
        """
        return self._reads("/_search", object_id, payload)

    def instance_api_search_instance_v2(self, object_id, payload):
        # type: (str, _Object) -> Future[Dict]
        """Like `instance_api_search_instance`, but ``fields`` is required, and ``sort`` is a list
        of ``{"key", "order"}``."""
        return self._reads("/_search", object_id, payload, version="/v2")

    def instance_api_search_instance_v3(self, object_id, payload):
        # type: (str, _Object) -> Future[Dict]
        """Like `instance_api_search_instance_v2`, but ``fields`` is a list of names, which must
        exist."""
        return self._reads("/_search", object_id, payload, version="/v3")

    def instance_api_search_instance_batch(self, searches):
        # type: (Sequence[Mapping]) -> Future[Dict]
        """Search several models.

        Args:
            searches: each ``{"object_id": ..., "search": payload}``.
        Returns: ``data`` is a list with a page for each search.
        """
        return self.fetch_async(
            "POST", "/batch/object/instance/_search", json={"data": searches}, idempotent=True
        )

    def instance_api_list_instance(self, object_id, page=None, page_size=None, relations=None):
        # type: (str, Optional[int], Optional[int], Optional[Iterable[str]]) -> Future[Dict]
        """Return a page of all instances.

        Args:
            relations: the names of the relations to show; None shows all of them.
        """
        params = {"page": page, "page_size": page_size}
        if relations is not None:
            params["select_relations"] = ",".join(relations) or "*"
        return self._instances("GET", "", object_id, params=params)

    # Counting

    def instance_api_search_total(self, object_id, payload):
        # type: (str, _Object) -> Future[Dict]
        """Count the instances that match ``payload["query"]``; ``data`` is a number."""
        return self._reads("/_search_total", object_id, payload)

    def instance_api_count_instance(self, object_ids=None):
        # type: (Optional[Iterable[str]]) -> Future[Dict]
        """Count the instances of models; None counts those of all models.

        Returns: ``data`` maps the id of each model to its number of instances.
        """
        params = {"objectIds": ",".join(object_ids)} if object_ids else None
        return self.fetch_async("GET", "/object_count_all", params=params)

    def instance_api_group_instance(self, object_id, payload):
        # type: (str, _Object) -> Future[Dict]
        """Compute functions of groups: ``payload`` has ``group_field``, ``funcs``, ``query``."""
        return self._reads("/group", object_id, payload)

    def instance_api_group_instance_v3(self, object_id, payload):
        # type: (str, _Object) -> Future[Dict]
        """Like `instance_api_group_instance`, but with several ``group_fields``; ``data["list"]``
        has a flat map for each group."""
        return self._reads("/group", object_id, payload, version="/v3")

    def instance_api_count_value(self, object_id, attribute_id, page=None, page_size=None):
        # type: (str, str, Optional[int], Optional[int]) -> Future[Dict]
        """Count how often each value of an attribute occurs.

        Returns: ``data`` is a page of ``{"count": number, "attr": {attribute_id: value}}``.
        """
        return self._instances(
            "GET",
            "/aggregate/count/{attribute_id}",
            object_id,
            {"attribute_id": attribute_id},
            params={"page": page, "page_size": page_size},
        )

    # One instance

    def instance_api_get_instance(self, object_id, instance_id, fields=None):
        # type: (str, str, Optional[Iterable[str]]) -> Future[Dict]
        """Return one instance.

        Args:
            fields: the names of the attributes to show; None shows all. A dot leads into related
                instances.
        """
        params = {"fields": ",".join(fields)} if fields else None
        return self._instance("GET", object_id, instance_id, params=params)

    def instance_api_create_instance(self, object_id, payload):
        # type: (str, _Object) -> Future[Dict]
        """Create one instance from the attributes in ``payload``; ``data`` is the instance.

        Not safe to retry: unless an attribute is unique, a second instance is created.
        """
        return self._instances("POST", "", object_id, version="/v2", json=payload)

    def instance_api_update_instance(self, object_id, instance_id, payload):
        # type: (str, str, _Object) -> Future[Dict]
        """Change the attributes in ``payload``; ``data`` is the changed instance."""
        return self._instance("PUT", object_id, instance_id, json=payload)

    def instance_api_update_instance_v2(self, object_id, instance_id, payload):
        # type: (str, str, _Object) -> Future[Dict]
        """Like `instance_api_update_instance`, but ``payload`` may have relations, too."""
        return self._instance("PUT", object_id, instance_id, version="/v2", json=payload)

    def instance_api_delete_instance(self, object_id, instance_id):
        # type: (str, str) -> Future[Dict]
        """Delete one instance; ``data`` is the deleted instance."""
        return self._instance("DELETE", object_id, instance_id)

    def _reads(self, tail, object_id, payload, version=""):
        """A POST that changes nothing: ``retry=`` may send it again."""
        return self._instances(
            "POST", tail, object_id, version=version, json=payload, idempotent=True)

    def _instances(self, method, tail, object_id, path=None, version="", **kwargs):
        path = dict(path or {}, object_id=object_id)
        return self.fetch_async(method, version + _INSTANCES + tail, path=path, **kwargs)

    def _instance(self, method, object_id, instance_id, version="", **kwargs):
        path = {"object_id": object_id, "instance_id": instance_id}
        return self.fetch_async(method, version + _INSTANCE, path=path, **kwargs)
